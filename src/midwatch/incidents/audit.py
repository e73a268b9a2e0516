"""The auditor's questions: is every open incident's next step on time, and is every message moving?

It reads what the watch wrote and shares no code with what moves incidents on, so that a mistake
there does not hide itself here.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("audit.sql"))
LATE = datetime.timedelta(seconds=90)
"""How long after its time something counts as stuck: a turn comes every second."""
TOLD_WITHIN = datetime.timedelta(minutes=2)


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """Something of the watch itself that does not move."""

    kind: str
    thing: str
    sentence: str


Question: TypeAlias = Callable[[store.Store, datetime.datetime], list[Trouble]]


def audit(where: store.Store, now: datetime.datetime) -> list[Trouble]:
    """Everything that should have moved and did not; nothing where all is well."""
    return [trouble for question in QUESTIONS for trouble in question(where, now)]


def _late_incidents(where: store.Store, now: datetime.datetime) -> list[Trouble]:
    rows = where.rows(QUERIES["late incidents"], _limit(now - LATE))
    late = [
        Trouble("late-incident", row[0], f"{row[0]} should have been moved on at {row[1]}")
        for row in rows
    ]
    forgotten = where.rows(QUERIES["incidents without a next step"])
    return late + [
        Trouble("forgotten-incident", row[0], f"{row[0]} is open and has no next step")
        for row in forgotten
    ]


def _late_messages(where: store.Store, now: datetime.datetime) -> list[Trouble]:
    rows = where.rows(QUERIES["late messages"], _limit(now - LATE))
    return [
        Trouble(
            "late-message",
            str(row[0]),
            f"message {row[0]} to {row[2]} by {row[1]} should have gone out at {row[3]}",
        )
        for row in rows
    ]


def _late_alerts(where: store.Store, now: datetime.datetime) -> list[Trouble]:
    ((count, since),) = where.rows(QUERIES["late alerts"], _limit(now - LATE))
    if not count:
        return []
    sentence = f"{count} accepted alerts were not looked at, the first since {since}"
    return [Trouble("late-alerts", "intake", sentence)]


def _late_runs(where: store.Store, now: datetime.datetime) -> list[Trouble]:
    rows = where.rows(QUERIES["late runs"], _limit(now - LATE))
    return [
        Trouble("late-run", row[0], f"the run {row[0]} was asked for at {row[1]} and not started")
        for row in rows
    ]


def _undelivered(where: store.Store, now: datetime.datetime) -> list[Trouble]:
    dead = [
        Trouble("dead-letter", str(row[0]), f"the page {row[0]} to {row[2]} by {row[1]}: {row[3]}")
        for row in where.rows(QUERIES["dead letters"])
    ]
    untold = where.rows(QUERIES["nobody told"], _limit(now - TOLD_WITHIN))
    return dead + [
        Trouble("nobody-told", row[0], f"{row[0]} is open, and no message has reached anybody")
        for row in untold
    ]


def _limit(moment: datetime.datetime) -> dict[str, str]:
    return {"limit": moments.write(moment)}


QUESTIONS: tuple[Question, ...] = (
    _late_incidents,
    _late_messages,
    _late_alerts,
    _late_runs,
    _undelivered,
)
