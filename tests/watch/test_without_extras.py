"""What `pip install midwatch` alone gives: a whole watch, a sentence where an extra is wanted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOML = """
[people.ana]
email = "ana@example.org"

[channels.email]
smtp = "smtp://127.0.0.1:1"
from = "watch@example.org"

[heartbeats.backup]
every = "25h"
"""


def told(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.watch.without_extras", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MIDWATCH_STATE": str(folder / "state")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_watch_needs_no_extra(tmp_path: Path) -> None:
    (tmp_path / "midwatch.toml").write_text(TOML, encoding="utf-8")

    assert "bug in Midwatch" not in told(tmp_path, "doctor").stderr
    assert told(tmp_path, "incidents").returncode == 0


def test_a_database_that_wants_an_extra_names_it(tmp_path: Path) -> None:
    database = '[serve]\ndatabase = "postgresql://watch@127.0.0.1:1/watch"\n'
    (tmp_path / "midwatch.toml").write_text(database + TOML, encoding="utf-8")

    found = told(tmp_path, "incidents")

    assert found.returncode == 3
    assert "pip install 'midwatch[postgres]'" in found.stderr
