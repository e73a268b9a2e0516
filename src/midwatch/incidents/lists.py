"""Lists of incidents, a page at a time: pages stay apart while new incidents come in."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Container, Mapping
from pathlib import Path

from midwatch.base import errors
from midwatch.db import moments, named, pages, store
from midwatch.incidents import events, record
from midwatch.incidents import store as incidents

QUERIES = named.load(Path(__file__).with_name("lists.sql"))
STATUSES = ("unresolved", "open", "acknowledged", "resolved", "all")


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Some incidents, the newest first, and where the next page begins."""

    rows: tuple[incidents.Row, ...]
    following: str = ""


def page(where: store.Store, *, status: str, limit: int, after: str = "") -> Page:
    """The incidents of a status, beginning after the last one of another page."""
    opened_at, name = pages.place(after, moments.write)
    values = {"status": status, "limit": limit + 1, "opened_at": opened_at, "id": name}
    rows = tuple(incidents.listed_row(*row) for row in where.rows(QUERIES["page"], values))
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], pages.following(moments.write(last.opened_at), last.id))


def counts(where: store.Store) -> Mapping[str, int]:
    """How many incidents are open, and how many acknowledged."""
    return {row[0]: row[1] for row in where.rows(QUERIES["counts"])}


def row(where: store.Store, incident: str) -> incidents.Row:
    """The line of one incident."""
    rows = where.rows(QUERIES["row"], {"id": incident})
    if not rows:
        raise errors.NotFoundError(f"There is no incident {incident}.")
    return incidents.listed_row(*rows[0])


@dataclasses.dataclass(frozen=True, slots=True)
class Happened:
    """What happened to any incident, in order."""

    events: tuple[tuple[str, events.Recorded], ...]
    count: int
    """With those that were left out because they are known."""


def happened(
    where: store.Store, since: datetime.datetime, limit: int, known: Container[tuple[str, int]]
) -> Happened:
    """What happened to any incident since then, without what is known by incident and number."""
    values = {"since": moments.write(since), "limit": limit}
    rows = where.rows(QUERIES["happened since"], values)
    fresh = tuple(
        (incident, events.Recorded(seq, moments.read(at), record.read(kind, payload)))
        for incident, seq, at, kind, payload in rows
        if (incident, seq) not in known
    )
    return Happened(fresh, len(rows))
