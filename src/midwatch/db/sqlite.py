"""The watch in one SQLite file: what was committed survives a power cut."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from midwatch.db import connection


@functools.cache
def _writing(path: Path) -> threading.Lock:
    """Held by the thread of this process that writes to the file."""
    del path
    return threading.Lock()


class SqliteStore:
    """One connection to the file; several processes may have one each."""

    def __init__(self, path: Path, migrations: Path) -> None:
        self.path = path
        self._connection = connection.connect(path, migrations=migrations)
        self._writing = _writing(path)

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connection.telling(self.path):
            return self._connection.execute(query, values or {}).fetchall()

    def write(self, *statements: tuple[str, Any]) -> bool:
        """Write all of it or nothing; False where a key is taken already."""
        with self._turn(), connection.telling(self.path):
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

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Threads of one process take turns here: SQLite itself would have them sleep and retry."""
        taken = self._writing.acquire(timeout=connection.BUSY_SECONDS)
        try:
            yield
        finally:
            if taken:
                self._writing.release()

    def _run(self, query: str, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        if isinstance(values, Mapping):
            self._connection.execute(query, values)
        else:
            self._connection.executemany(query, values)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
