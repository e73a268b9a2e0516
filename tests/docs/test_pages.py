"""What the pages say of the repository holds: names, commands, and CONTRIBUTING as a runbook."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.smoke import zygote

ROOT = Path(__file__).parents[2]
MIDWATCH = Path(sys.executable).with_name("midwatch")
PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
NAMED = re.compile(r"`((?:tests|src|docs|bench|lab)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
ROOM = re.compile(r"^\| `(\w+)/` \|", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_place_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    missing = [
        name for name in NAMED.findall(text) + LINK.findall(text) if not (ROOT / name).exists()
    ]

    assert missing == []


def test_the_code_map_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "src" / "midwatch").glob("*/*.py")}

    assert set(ROOM.findall(text)) == rooms


def test_every_command_of_the_readme_is_one() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"^\$ midwatch (\w+)", text, re.MULTILINE))

    unknown = [
        word
        for word in sorted(words)
        if zygote.shared().run(word, "--help", folder=ROOT, environment=dict(os.environ)).returncode
    ]

    assert unknown == []
    assert words


def test_contributing_is_a_runbook_that_midwatch_runs(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "MIDWATCH_STATE": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    done = subprocess.run(
        [MIDWATCH, "run", "CONTRIBUTING.md#before-you-commit", "--yes", "change"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "succeeded" in done.stdout
