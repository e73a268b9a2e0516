"""Brings the file's tables up to date: numbered `.sql` files, each applied once, in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from midwatch.base import errors

FOLDER = Path(__file__).parent / "migrations"
SQLITE_WORDS = {"{serial}": "integer primary key"}
"""What the two databases do not call by one name."""


def apply(connection: sqlite3.Connection, folder: Path = FOLDER) -> None:
    """Apply what this file has not seen; refuse a file that a newer Midwatch wrote."""
    (version,) = connection.execute("pragma user_version").fetchone()
    last = newest(folder)
    if version > last:
        raise too_new("The journal", version, last)
    if version == last:
        return
    connection.execute("begin immediate")
    try:
        _apply_missing(connection, folder)
    except sqlite3.Error:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def newest(folder: Path) -> int:
    """The number of the last migration."""
    return int(max(folder.glob("*.sql")).name.partition("_")[0])


def too_new(what: str, version: int, last: int) -> errors.WorldError:
    """What is told when a newer Midwatch wrote it."""
    return errors.WorldError(
        f"{what} was written by a newer Midwatch (tables {version}, known {last}).",
        "Upgrade Midwatch, or set MIDWATCH_STATE to another folder.",
    )


def missing(folder: Path, version: int, words: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The statements after that version, each with its migration's number."""
    for path in sorted(folder.glob("*.sql")):
        number = int(path.name.partition("_")[0])
        if number <= version:
            continue
        text = path.read_text(encoding="utf-8")
        for word, meant in words.items():
            text = text.replace(word, meant)
        for statement in text.split(";"):
            if statement.strip():
                yield number, statement


def _apply_missing(connection: sqlite3.Connection, folder: Path) -> None:
    (version,) = connection.execute("pragma user_version").fetchone()
    for number, statement in missing(folder, version, SQLITE_WORDS):
        connection.execute(statement)
        connection.execute(f"pragma user_version = {number}")
