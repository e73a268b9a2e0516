"""Whether Postroom can do its work, asked of each thing it depends on."""

from __future__ import annotations

import dataclasses
import smtplib
import sqlite3
import time

from postroom import limits, roster, spool
from postroom.home import Home
from postroom.letters import Census, Letters
from postroom.pool import ExhaustedError, Pool


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One answer."""

    name: str
    ok: bool
    detail: str


def readiness(home: Home, pool: Pool) -> list[Check]:
    """Everything that must hold for letters to be accepted and delivered."""
    return [connections(pool), store(pool), workers(home), relay(home), quota(home)]


def connections(pool: Pool) -> Check:
    """A request can get at the store."""
    held = len(pool.loans())
    free = limits.STORE_CONNECTIONS - held
    return Check("connections", free > 0, f"{held} of {limits.STORE_CONNECTIONS} in use")


def store(pool: Pool) -> Check:
    """The store gives its write lock in time."""
    began = time.monotonic()
    try:
        with pool.borrowed("health check") as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except ExhaustedError as error:
        return Check("store", ok=False, detail=str(error))
    except sqlite3.OperationalError as error:
        detail = f"no write lock within {limits.STORE_PATIENCE} s ({error})"
        return Check("store", ok=False, detail=detail)
    waited = (time.monotonic() - began) * 1000
    return Check("store", ok=True, detail=f"write lock in {waited:.0f} ms")


def workers(home: Home) -> Check:
    """All the workers that are wanted show signs of life."""
    with roster.opened(home) as book:
        found = book.processes(roster.Kind.WORKER)
        paused = book.is_on("paused")
    now = time.time()
    silent = [w.name for w in found if w.state(now) in {roster.State.STUCK, roster.State.DOWN}]
    if silent:
        detail = f"{len(silent)} of {len(found)} stuck or down: {', '.join(silent)}"
        return Check("workers", ok=False, detail=detail)
    if paused or not found:
        return Check("workers", ok=False, detail="paused" if paused else "none are wanted")
    return Check("workers", ok=True, detail=f"{len(found)} of {len(found)} answer")


def relay(home: Home) -> Check:
    """The relay takes mail."""
    try:
        with smtplib.SMTP("127.0.0.1", home.ports.relay, "postroom", timeout=1.0) as smtp:
            smtp.noop()
    except OSError as error:
        return Check("relay", ok=False, detail=f"no SMTP answer: {error}")
    return Check("relay", ok=True, detail="answers SMTP")


def quota(home: Home) -> Check:
    """The spool has room for a letter of the largest size."""
    with roster.opened(home) as book:
        usage = spool.usage(home, book.quota())
    has_room = usage.quota - usage.used >= limits.LARGEST_LETTER
    detail = f"{usage.percent} % of {usage.quota // 1024} KiB used"
    return Check("quota", ok=has_room, detail=detail)


def warnings(census: Census) -> list[str]:
    """What still works and yet needs a person."""
    found = []
    if census.waiting > limits.BACKLOG:
        found.append(f"backlog: {census.waiting} letters wait, more than {limits.BACKLOG}")
    if census.dead > limits.DEAD_LETTERS:
        found.append(f"dead letters: {census.dead}, more than {limits.DEAD_LETTERS}")
    return found


def census(connection: sqlite3.Connection) -> Census:
    """Count the letters."""
    return Letters(connection).census()
