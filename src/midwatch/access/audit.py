"""Who did what through the API, and how it went."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("audit.sql"))
LATEST = 1 << 62


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One call."""

    id: int
    at: datetime.datetime
    actor: str
    action: str
    thing: str
    outcome: str


def adding(
    actor: str, action: str, thing: str, outcome: str, at: datetime.datetime
) -> store.Statement:
    """Write a call down."""
    values = {"at": moments.write(at), "actor": actor, "action": action}
    return (QUERIES["add"], {**values, "thing": thing[:300], "outcome": outcome})


def listed(where: store.Store, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """The latest calls."""
    rows = where.rows(QUERIES["list"], {"before": before or LATEST, "limit": limit})
    return [Entry(row[0], moments.read(row[1]), *row[2:]) for row in rows]
