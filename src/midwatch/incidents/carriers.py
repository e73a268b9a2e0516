"""Who carries out what incidents ask for: the journal of a run lies on one machine.

Where another machine takes the watch over it finds orders whose runs it knows nothing of.
"""

from __future__ import annotations

import json
from pathlib import Path

from midwatch.db import moments, named, store
from midwatch.incidents import orders

QUERIES = named.load(Path(__file__).with_name("carriers.sql"))


def take(where: store.Store, limit: int, carrier: str) -> list[orders.Order]:
    """The orders that are this one's to start: of two that take one at once, one gets it."""
    waiting = orders.waiting(where, limit)
    fresh = [{"id": each.id, "carrier": carrier} for each in waiting if each.state == "waiting"]
    if fresh:
        where.write((QUERIES["take"], fresh))
    mine = {row[0] for row in where.rows(QUERIES["mine"], {"carrier": carrier})}
    return [each for each in waiting if each.id in mine]


def elsewhere(where: store.Store, carrier: str) -> list[tuple[orders.Order, str]]:
    """The orders that somebody else took and never ended, and who that was."""
    return [
        (
            orders.Order(
                id=row[0],
                key=row[1],
                incident=row[2],
                purpose=orders.Purpose(row[3]),
                address=row[4],
                target=row[5],
                inputs=json.loads(row[6]),
                state=row[7],
                run=row[8],
                created_at=moments.read(row[9]),
            ),
            str(row[10]),
        )
        for row in where.rows(QUERIES["elsewhere"], {"carrier": carrier})
    ]


def again(order: orders.Order) -> store.Statement:
    """It is asked for anew."""
    return (QUERIES["again"], {"id": order.id})


def is_going_on(where: store.Store, run: str, carrier: str) -> bool:
    """Whether the run is this one's, and its order not over."""
    return bool(where.rows(QUERIES["going on"], {"run": run, "carrier": carrier}))
