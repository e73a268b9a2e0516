"""The watch in one SQLite file: what was committed survives a power cut."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from midwatch.db import connection


class SqliteStore:
    """One connection to the file; several processes may have one each."""

    def __init__(self, path: Path, migrations: Path) -> None:
        self.path = path
        self._connection = connection.connect(path, migrations=migrations)

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connection.telling(self.path):
            return self._connection.execute(query, values or {}).fetchall()

    def write(self, *statements: tuple[str, Any]) -> bool:
        """Write all of it or nothing; False where a key is taken already."""
        with connection.telling(self.path):
            self._connection.execute("begin immediate")
            try:
                for query, values in statements:
                    self._run(query, values)
                self._connection.execute("commit")
            except sqlite3.IntegrityError:
                self._connection.execute("rollback")
                return False
            except sqlite3.Error:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
        return True

    def _run(self, query: str, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        if isinstance(values, Mapping):
            self._connection.execute(query, values)
        else:
            self._connection.executemany(query, values)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
