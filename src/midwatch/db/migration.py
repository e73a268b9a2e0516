"""Brings the file's tables up to date: numbered `.sql` files, each applied once, in order."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from midwatch.base import errors

FOLDER = Path(__file__).parent / "migrations"


def apply(connection: sqlite3.Connection, folder: Path = FOLDER) -> None:
    """Apply what this file has not seen; refuse a file that a newer Midwatch wrote."""
    (version,) = connection.execute("pragma user_version").fetchone()
    newest = int(max(folder.glob("*.sql")).name.partition("_")[0])
    if version > newest:
        raise errors.WorldError(
            f"The journal was written by a newer Midwatch (tables {version}, known {newest}).",
            "Upgrade Midwatch, or set MIDWATCH_STATE to another folder.",
        )
    if version == newest:
        return
    connection.execute("begin immediate")
    try:
        _apply_missing(connection, folder)
    except sqlite3.Error:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _apply_missing(connection: sqlite3.Connection, folder: Path) -> None:
    (version,) = connection.execute("pragma user_version").fetchone()
    for path in sorted(folder.glob("*.sql")):
        number = int(path.name.partition("_")[0])
        if number <= version:
            continue
        for statement in path.read_text(encoding="utf-8").split(";"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"pragma user_version = {number}")
