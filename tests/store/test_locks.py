"""What one connection holds is not lost because another one is opened in the same process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from midwatch.db import store

ELSEWHERE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("select count(*) from standing").fetchone()[0])
connection.close()
"""
INSERT = "insert into standing (name, value, at, by_whom) values (:name, '', '', '')"


def seen_elsewhere(path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_what_is_written_is_seen_elsewhere_however_many_connections_were_opened(
    tmp_path: Path,
) -> None:
    path = tmp_path / "watch.db"
    first = store.connect(f"sqlite://{path}")
    for number in range(5):
        another = store.connect(f"sqlite://{path}")
        first.write((INSERT, {"name": f"first {number}"}))
        assert seen_elsewhere(path) == 2 * number + 1
        another.write((INSERT, {"name": f"another {number}"}))
        assert seen_elsewhere(path) == 2 * number + 2
        assert path.with_name("watch.db-wal").exists()
    first.close()
