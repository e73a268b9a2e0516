"""Opening SQLite the way every process of Postroom does."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from postroom import limits


def connect(
    path: Path, *, patience: float = limits.STORE_PATIENCE, durable: bool = False
) -> sqlite3.Connection:
    """A connection; `durable` waits for the disk at each commit, as an accepted letter deserves."""
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    return connection


def create(path: Path, schema: str) -> None:
    """Make the tables, once; write-ahead logging lets people read while something writes."""
    with contextlib.closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(schema)


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """All of what is inside is written, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    is_complete = False
    try:
        yield
        is_complete = True
    finally:
        connection.execute("COMMIT" if is_complete else "ROLLBACK")


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Somebody else holds the write lock."""
    return "locked" in str(error) or "busy" in str(error)
