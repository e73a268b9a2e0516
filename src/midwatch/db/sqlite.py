"""The watch in one SQLite file: what was committed survives a power cut."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from midwatch.db import connection, memory, together


class SqliteStore:
    """One connection to the file; several processes may have one each."""

    def __init__(self, path: Path, migrations: Path) -> None:
        self.path = path
        self._connection = connection.connect(path, migrations=migrations)
        self._turns = together.turns(path)
        self.memory = memory.Memory()

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connection.telling(self.path):
            return self._connection.execute(query, values or {}).fetchall()

    def write(self, *statements: tuple[str, Any]) -> bool:
        """Write all of it or nothing; False where a key is taken already."""
        with connection.telling(self.path):
            return self._turns.write(self._connection, statements)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
