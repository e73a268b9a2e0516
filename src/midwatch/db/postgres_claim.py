"""Who keeps the watch in a Postgres database: a lock that the server holds for one session.

The session is asked twice a second. The server ends it when it is silent for some seconds (its
process stands still, its machine is gone), and gives the lock to whoever waits; that one lets a few
seconds go by before it acts. By then the one before has found out, or does not trust its own claim
any more: before each page it looks when the server last confirmed it.
"""

from __future__ import annotations

import contextlib
import os
import platform
from typing import TYPE_CHECKING, Any

from midwatch.base import clock, errors, lazy
from midwatch.db import postgres_errors

if TYPE_CHECKING:
    import psycopg
else:
    psycopg = lazy.module("psycopg")

SURE_SECONDS = 4.0
"""So long after the server last confirmed it nothing is sent any more."""
SETTLING_SECONDS = 5.0
"""Longer than that: whoever takes it over waits so long."""
SILENT_SECONDS = 10
"""The server ends a session that says nothing for so long."""
KEY = "1835623543, hashtext(coalesce(current_schema(), ''))"  # "midw"
TAKE = f"select pg_try_advisory_lock({KEY})".encode()
HELD = """
select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
and classid = 1835623543 and granted
"""
WHO = """
select a.application_name from pg_locks l join pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.classid = 1835623543 and l.granted
and l.database = (select oid from pg_database where datname = current_database())
and l.objid = (hashtext(coalesce(current_schema(), ''))::bigint & 4294967295)::oid limit 1
"""
LEFT = "create table if not exists watch_claim (holder text not null)"
SETTINGS = (
    "set tcp_keepalives_idle = 2",
    "set tcp_keepalives_interval = 1",
    "set tcp_keepalives_count = 3",
    "set statement_timeout = '3s'",
    f"set idle_session_timeout = '{SILENT_SECONDS}s'",  # from Postgres 14 on
)


class PostgresClaim:
    """A session of its own that holds the lock."""

    def __init__(self, url: str, ticks: clock.Clock) -> None:
        self._url = url
        self._ticks = ticks
        self._session: psycopg.Connection[tuple[Any, ...]] | None = None
        self._confirmed: tuple[float, float] | None = None
        self._settling = SETTLING_SECONDS

    def take(self) -> bool:
        """Ask the server for the lock."""
        asked = self._moment()
        with postgres_errors.telling():
            session = self._connected()
            if session.execute(TAKE).fetchone() != (True,):
                return False
            self._settling = SETTLING_SECONDS if self._left_behind(session) else 0.0
            session.execute("insert into watch_claim values (%s)", (_name(),))
        self._confirmed = asked
        return True

    def settling(self) -> float:
        """Whoever had it before and did not say that it let go may not have noticed yet."""
        return self._settling

    def confirm(self) -> bool:
        """Ask the server; where the session is gone, take it again while nobody else can act.

        The server may not have noticed yet that the session is gone: then it still holds the lock.
        """
        asked = self._moment()
        try:
            if self._session is None or self._session.closed:
                self._forget()
                return self.is_sure() and (self.take() or self.is_sure())
            with postgres_errors.telling():
                held = self._session.execute(HELD).fetchone()
        except errors.WorldError:
            self._forget()
            return self.is_sure()
        self._confirmed = asked if held is not None and held[0] else None
        return self._confirmed is not None

    def is_sure(self) -> bool:
        """Whether the server confirmed it a moment ago, by both clocks of this machine."""
        if self._confirmed is None:
            return False
        since = zip(self._moment(), self._confirmed, strict=True)
        return all(abs(now - then) < SURE_SECONDS for now, then in since)

    def holder(self) -> str:
        """The database, and who is in it."""
        with contextlib.suppress(errors.WorldError):
            who = self.who()
            return f"this database ({who})" if who else "this database"
        return "this database"

    def who(self) -> str:
        """The process that keeps the watch there now; empty where none does."""
        with postgres_errors.telling():
            found = self._connected().execute(WHO).fetchone()
        return str(found[0]) if found else ""

    def release(self) -> None:
        """Say that it is let go of, so that nobody need wait."""
        session = self._session
        if session is not None and self._confirmed is not None:
            with contextlib.suppress(errors.WorldError), postgres_errors.telling():
                session.execute("delete from watch_claim")
        self._forget()
        self._confirmed = None

    def _left_behind(self, session: psycopg.Connection[tuple[Any, ...]]) -> bool:
        """Whether the one before us ended without a word."""
        session.execute(LEFT)
        found = session.execute("select count(*) from watch_claim").fetchone()
        session.execute("delete from watch_claim")
        return found is not None and found[0] > 0

    def _forget(self) -> None:
        if self._session is not None:
            with contextlib.suppress(psycopg.Error):
                self._session.close()
        self._session = None

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=3,
                keepalives_idle=2,
                keepalives_interval=1,
                keepalives_count=2,
                tcp_user_timeout=3000,
                application_name=_name(),
            )
            for setting in SETTINGS:
                with contextlib.suppress(psycopg.errors.UndefinedObject):
                    self._session.execute(setting.encode())
        return self._session

    def _moment(self) -> tuple[float, float]:
        return self._ticks.monotonic(), self._ticks.now().timestamp()


def _name() -> str:
    """Who we are, for whoever finds the lock taken."""
    return f"midwatch serve on {platform.node()}, process {os.getpid()}"[:63]
