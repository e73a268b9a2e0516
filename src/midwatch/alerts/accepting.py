"""Many alerts written at once: so many rows a statement that the database, not Python, works."""

from __future__ import annotations

import datetime
import functools
import itertools
import operator
from collections.abc import Iterator, Sequence
from typing import Any

from midwatch.alerts import model
from midwatch.alerts import store as alerts
from midwatch.db import moments, store

SIZES = (20, 5, 1)
"""Rows of a statement. With many more, looking their names up takes longer than writing them."""
COLUMNS = (
    *("key", "at", "expires_at", "source", "fingerprint"),
    *("started_at", "status", "name", "body"),
)
CELLS = operator.itemgetter(*COLUMNS)
TABLE = """\
insert into intake (key, received_at, seen_at, expires_at, source, fingerprint, started_at, status,
name, body) values """
FIRES_ON = """intake.handled = 1 and excluded.status = 'firing' and exists (
    select 1 from alerts a where a.status = 'resolved' and a.ended_at < :late
    and a.episode = substr(intake.key, 1, length(intake.key) - length(intake.status) - 1))"""
AGAIN = f"""
on conflict (key) do update set seen_at = excluded.seen_at, expires_at = excluded.expires_at,
received_at = case when {FIRES_ON} then excluded.received_at else intake.received_at end,
handled = case when {FIRES_ON} then 0 else intake.handled end"""


def accepting(every: Sequence[model.Alert], at: datetime.datetime) -> list[store.Statement]:
    """Accept them; one that was accepted before only counts as seen again.

    One that still fires well after its end was told is looked at once more.
    """
    now, late = moments.write(at), moments.write(at - alerts.FIRES_ON_AFTER)
    rows = {row["key"]: row for row in (alerts.row(alert, now) for alert in every)}
    return [
        (_query(len(part)), {**_values(part), "late": late}) for part in _parts(list(rows.values()))
    ]


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    done = 0
    for size in SIZES:
        while len(rows) - done >= size:
            yield rows[done : done + size]
            done += size


@functools.cache
def _query(size: int) -> str:
    """The statement for so many rows."""
    row = ", ".join(f":{name}{{0}}" for name in ("key", "at", *COLUMNS[1:]))
    return TABLE + ",\n".join(f"({row.format(number)})" for number in range(size)) + AGAIN


@functools.cache
def _names(size: int) -> tuple[str, ...]:
    return tuple(f"{name}{number}" for number in range(size) for name in COLUMNS)


def _values(rows: list[dict[str, Any]]) -> dict[str, Any]:
    every = itertools.chain.from_iterable(map(CELLS, rows))
    return dict(zip(_names(len(rows)), every, strict=True))
