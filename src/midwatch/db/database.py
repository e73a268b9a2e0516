"""One SQLite file to read from and to write to, in whole transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from midwatch.db import connection

Values: TypeAlias = Mapping[str, Any] | Sequence[Any]
Statement: TypeAlias = tuple[str, Values]


class Database:
    """What is written is on disk when `write` returns; trouble is told in a sentence.

    Threads may share one: they take turns.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connection.connect(path)
        self._turn = threading.RLock()

    def rows(self, query: str, values: Values = ()) -> list[Any]:
        """The rows of a query."""
        with self._turn, connection.telling(self.path):
            return self.connection.execute(query, values).fetchall()

    def write(self, *statements: Statement) -> bool:
        """Write all of it or nothing; False where a key is taken already."""
        with self._turn, connection.telling(self.path):
            try:
                self._write(statements)
            except sqlite3.IntegrityError:
                self._roll_back()
                return False
            except sqlite3.Error:
                self._roll_back()
                raise
        return True

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def _write(self, statements: Sequence[Statement]) -> None:
        if len(statements) == 1:
            self.connection.execute(*statements[0])
            return
        self.connection.execute("begin immediate")
        for query, values in statements:
            self.connection.execute(query, values)
        self.connection.execute("commit")

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("rollback")
