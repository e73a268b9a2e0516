"""Where the watch is kept: a SQLite file, or a Postgres database by URL; the same SQL for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from midwatch.base import errors
from midwatch.db import memory, postgres, sqlite

Values: TypeAlias = Mapping[str, Any]
Statement: TypeAlias = tuple[str, Values | Sequence[Values]]
"""A query with its named values; a sequence of values runs it once for each of them."""
MIGRATIONS = Path(__file__).parent / "watch_migrations"


class Store(Protocol):
    """Reads rows, and writes whole transactions: on disk when `write` returns."""

    @property
    def memory(self) -> memory.Memory:
        """What was read here before, so that only what is new need be read."""

    def rows(self, query: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def write(self, *statements: Statement) -> bool:
        """Write all of it or nothing; False where a key is taken already."""

    def close(self) -> None:
        """Let go of it."""


def connect(url: str) -> Store:
    """The store at `sqlite:///path/watch.db` or `postgresql://…`, with its tables up to date.

    A connection belongs to the thread that opened it.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/"):
        return sqlite.SqliteStore(Path("/" + rest.lstrip("/")), MIGRATIONS)
    if scheme in {"postgresql", "postgres"}:
        return postgres.PostgresStore(url, MIGRATIONS)
    raise errors.UserError(
        f"The database “{scheme}://…” is not one that Midwatch can use.",
        "Give sqlite:///absolute/path/watch.db or postgresql://user@host/database.",
    )
