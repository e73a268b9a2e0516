"""SQLite: a file, opened without the right to write where a step only reads."""

from __future__ import annotations

import sqlite3
import urllib.parse
from pathlib import Path

from midwatch.base import clock, errors
from midwatch.plugs.steps.databases import model

CLOCK = clock.SystemClock()
PROGRESS = 20_000
"""Steps of SQLite's own machine between two looks at the time."""


class Database:
    """One connection to a SQLite file."""

    def __init__(self, url: str) -> None:
        self._path = _path(url)
        self._connection: sqlite3.Connection | None = None
        self._limit: float | None = None
        self._until = float("inf")

    def begin(self, limits: model.Limits, *, read_only: bool) -> None:
        """Open a transaction; reading opens the file without the right to write."""
        connection = self._open("ro" if read_only else "rw", limits)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        _carry_out(connection, "BEGIN" if read_only else "BEGIN IMMEDIATE")

    def at_once(self, limits: model.Limits) -> None:
        """Get ready for a statement that no transaction can hold."""
        self._open("rw", limits)

    def _open(self, mode: str, limits: model.Limits) -> sqlite3.Connection:
        self.close()
        address = f"file:{urllib.parse.quote(str(self._path))}?mode={mode}"
        try:
            connection = sqlite3.connect(
                address, uri=True, isolation_level=None, timeout=limits.lock or 5.0
            )
        except sqlite3.Error as error:
            raise errors.WorldError(f"{self._path} cannot be opened: {error}.") from error
        self._connection = connection
        self._limit = limits.statement
        connection.set_progress_handler(lambda: int(CLOCK.monotonic() > self._until), PROGRESS)
        return connection

    def run(self, statement: model.Statement) -> model.Result:
        """Carry one statement out."""
        connection = self._opened()
        self._until = float("inf") if self._limit is None else CLOCK.monotonic() + self._limit
        try:
            cursor = connection.execute(statement.text("?"), statement.values)
            rows = cursor.fetchmany(model.LONGEST)
            more = bool(rows) and cursor.fetchone() is not None
        except sqlite3.Error as error:
            late = CLOCK.monotonic() > self._until
            why = f"it took longer than {self._limit:g} s" if late else str(error)
            raise model.StatementError(why) from error
        if cursor.description is None:
            affected = cursor.rowcount if cursor.rowcount >= 0 else None
            return model.Result(affected=affected)
        names = tuple(str(each[0]) for each in cursor.description)
        affected = cursor.rowcount if cursor.rowcount > 0 else None
        return model.Result(names, rows, more, affected)

    def commit(self) -> None:
        """Keep what was changed."""
        _carry_out(self._opened(), "COMMIT")

    def rollback(self) -> str:
        """Take it back."""
        connection = self._opened()
        if connection.in_transaction:
            _carry_out(connection, "ROLLBACK")
        return ""

    def cancel(self) -> None:
        """End what runs."""
        if self._connection is not None:
            self._connection.interrupt()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise errors.BugError("The SQLite file was never opened.")
        return self._connection


def _carry_out(connection: sqlite3.Connection, words: str) -> None:
    try:
        connection.execute(words)
    except sqlite3.Error as error:
        raise model.StatementError(str(error)) from error


def _path(url: str) -> Path:
    """The file: three slashes and a relative path, four and an absolute one."""
    path = urllib.parse.unquote(url.partition("://")[2].partition("?")[0]).removeprefix("/")
    return Path("/" + path.lstrip("/")) if path.startswith("/") else Path(path)
