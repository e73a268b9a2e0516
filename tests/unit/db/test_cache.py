"""The cache keeps what it is given, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from midwatch.db import cache

KEY = "ab" * 32


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    place = cache.Cache(tmp_path)
    assert place.get(KEY) is None
    place.put(KEY, b"a runbook")
    assert place.get(KEY) == b"a runbook"


def test_a_damaged_entry_is_dropped_not_trusted(tmp_path: Path) -> None:
    place = cache.Cache(tmp_path)
    place.put(KEY, b"a runbook")
    (entry,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    entry.write_bytes(entry.read_bytes()[:-1] + b"?")
    assert place.get(KEY) is None
    assert not entry.exists()
    entry.write_bytes(b"")
    assert place.get(KEY) is None


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    place = cache.Cache(blocked)
    place.put(KEY, b"a runbook")
    assert place.get(KEY) is None


OFTEN = """
import pathlib, sys
from midwatch.db import cache
place = cache.Cache(pathlib.Path(sys.argv[1]))
for _ in range(200):
    place.put(sys.argv[2], sys.argv[3].encode() * 5000)
    found = place.get(sys.argv[2])
    assert found is not None and len(found) == 5000 and len(set(found)) == 1
"""


def test_two_processes_that_share_it_never_see_half_an_entry(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", OFTEN, str(tmp_path), KEY, letter])
        for letter in "ab"
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert list(tmp_path.rglob(".new-*")) == []
