"""PostgreSQL: how processes talk to it, and how its tables come to be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import psycopg_pool
from psycopg import rows
from psycopg.types.json import Jsonb

Row = dict[str, Any]
Session = psycopg.Connection[Row]

SCHEMA = Path(__file__).parent / "schema"
PATIENCE = 2.0
STATEMENT_TIMEOUT = "3s"


class Database:
    """A pool of sessions. The API opens one for a request; a worker keeps its own."""

    def __init__(
        self, url: str, *, keeps: int = 0, most: int = 8, patience: float = PATIENCE
    ) -> None:
        pool = psycopg_pool.ConnectionPool if keeps else psycopg_pool.NullConnectionPool
        self._pool: psycopg_pool.ConnectionPool[Session] = pool(
            url,
            connection_class=psycopg.Connection[Row],
            kwargs={
                "row_factory": rows.dict_row,
                "connect_timeout": int(PATIENCE),
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c lock_timeout=2s",
            },
            min_size=keeps,
            max_size=most,
            timeout=patience,
            reconnect_timeout=PATIENCE,
            check=psycopg_pool.ConnectionPool.check_connection if keeps else None,
            open=False,
        )

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: committed at the end, taken back when something goes wrong."""
        if self._pool.closed:
            self._pool.open()
        with self._pool.connection() as session:
            yield session

    def close(self) -> None:
        """Let every session go."""
        self._pool.close()


def pending(session: Session) -> list[Path]:
    """The migrations that this database has not had yet, in their order."""
    session.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    known = {row["name"] for row in session.execute("SELECT name FROM schema_migrations")}
    return [path for path in sorted(SCHEMA.glob("*.sql")) if path.stem not in known]


def migrate(session: Session) -> list[str]:
    """Apply what is pending, all of it or nothing; one process at a time."""
    session.execute("SELECT pg_advisory_xact_lock(3000)")
    session.execute("SET LOCAL statement_timeout = 0")
    applied = []
    for path in pending(session):
        session.execute(path.read_bytes())
        session.execute("INSERT INTO schema_migrations (name) VALUES (%s)", (path.stem,))
        applied.append(path.stem)
    return applied


def json(value: object) -> Jsonb:
    """A value for a jsonb column."""
    return Jsonb(value)
