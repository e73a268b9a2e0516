"""The watch in a Postgres database, for teams whose watch must outlive one machine."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from midwatch.base import lazy
from midwatch.db import memory, migration, postgres_errors

if TYPE_CHECKING:
    import psycopg
else:
    psycopg = lazy.module("psycopg")

PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
LOCK = 0x6D6964  # "mid": one process at a time brings the tables up to date


class PostgresStore:
    """One connection; made again when the server had gone."""

    def __init__(self, url: str, migrations: Path) -> None:
        self._url = url
        self._connection = self._connect()
        self.memory = memory.Memory()
        self._migrate(migrations)

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._telling(), self._connection.cursor() as cursor:
            cursor.execute(translated(query), values or {})
            return cursor.fetchall()

    def write(self, *statements: tuple[str, Any]) -> bool:
        """Write all of it or nothing; False where a key is taken already."""
        with self._telling():
            try:
                with self._connection.transaction(), self._connection.cursor() as cursor:
                    for query, values in statements:
                        _run(cursor, translated(query), values)
            except psycopg.IntegrityError:
                return False
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        with postgres_errors.telling():
            return psycopg.connect(self._url, autocommit=True, connect_timeout=5)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        if self._connection.closed:
            self._connection = self._connect()
        with postgres_errors.telling():
            yield

    def _migrate(self, folder: Path) -> None:
        with self._telling(), self._connection.transaction():
            run = self._connection.execute
            run("select pg_advisory_xact_lock(%s)", (LOCK,))
            run("create table if not exists watch_version (version integer not null)")
            found = run("select max(version) from watch_version").fetchone()
            version = (found[0] if found else None) or 0
            newest = migration.newest(folder)
            if version > newest:
                raise migration.too_new("The watch's database", version, newest)
            for number, statement in migration.missing(folder, version, POSTGRES_WORDS):
                run(statement.encode())
                run("delete from watch_version")
                run("insert into watch_version values (%s)", (number,))


POSTGRES_WORDS = {"{serial}": "bigint generated always as identity primary key"}


@functools.cache
def translated(query: str) -> bytes:
    """The query with psycopg's way of writing named values."""
    return PARAMETER.sub(r"%(\1)s", query.replace("%", "%%")).encode()


def _run(
    cursor: psycopg.Cursor[Any], query: bytes, values: Mapping[str, Any] | Sequence[Any]
) -> None:
    if isinstance(values, Mapping):
        cursor.execute(query, values)
    else:
        cursor.executemany(query, values)
