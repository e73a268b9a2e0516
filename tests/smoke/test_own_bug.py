"""Midwatch's own mistakes are one sentence too, and the trace is in a file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BROKEN = """
import sys
from midwatch.faces.cli import main

@main.app.command()
def broken() -> None:
    raise KeyError("x")

sys.argv = ["midwatch", "broken"]
main.main()
"""


def test_a_bug_is_told_in_a_sentence_and_kept_in_a_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("midwatch: this is a bug in Midwatch (KeyError: 'x')")
    assert "Traceback" not in done.stderr
    kept = re.search(r"\S+midwatch-bug-\S+\.txt", done.stderr)
    assert kept
    assert "Traceback" in Path(kept[0]).read_text(encoding="utf-8")
    Path(kept[0]).unlink()
