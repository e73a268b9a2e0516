"""Lists of runs, a page at a time, each with what it waits for."""

from __future__ import annotations

import datetime
from pathlib import Path

from midwatch.base import shape
from midwatch.db import database, named, pages
from midwatch.runs import events, journal, model, record

QUERIES = named.load(Path(__file__).with_name("run_lists.sql"))
WAITS = frozenset({model.Outcome.WAITING, model.Outcome.IN_DOUBT})


@shape.frozen
class Waits:
    """What a run waits for, and since when."""

    since: datetime.datetime
    event: events.Waiting | events.HandedOver


@shape.frozen
class Page:
    """Some runs, the newest first, and where the next page begins."""

    runs: tuple[journal.Summary, ...]
    following: str = ""


def page(where: database.Database, *, waiting: bool | None, limit: int, after: str = "") -> Page:
    """The runs that wait for a person, those that do not, or all of them.

    Of one that goes on the list does not know: it may wait at somebody's terminal.
    """
    started_at, run_id = pages.place(after, datetime.datetime.isoformat)
    values = {
        "waiting": -1 if waiting is None else int(waiting),
        "started_at": started_at,
        "id": run_id,
        "limit": limit + 1,
    }
    runs = tuple(journal.summary(*row) for row in where.rows(QUERIES["page"], values))
    if len(runs) <= limit:
        return Page(runs)
    last = runs[limit - 1]
    return Page(runs[:limit], pages.following(last.started_at.isoformat(), last.run_id))


def one(where: database.Database, run_id: str) -> journal.Summary | None:
    """The line of one run; None where it is not of this machine."""
    rows = where.rows(QUERIES["one"], (run_id,))
    return journal.summary(*rows[0]) if rows else None


def waits(where: database.Database, run: journal.Summary) -> Waits | None:
    """What it waits for; None where it does not wait."""
    if run.outcome not in WAITS:
        return None
    for at, kind, payload in where.rows(QUERIES["last event"], (run.run_id,)):
        event = record.read(kind, payload)
        if isinstance(event, events.Waiting | events.HandedOver):
            return Waits(datetime.datetime.fromisoformat(at), event)
    return None
