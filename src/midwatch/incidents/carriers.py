"""Who carries out what incidents ask for: the journal of a run lies on one machine.

Where another machine takes the watch over it finds orders whose runs it knows nothing of.
"""

from __future__ import annotations

from pathlib import Path

from midwatch.db import named, store
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
    rows = where.rows(QUERIES["elsewhere"], {"carrier": carrier})
    return [(orders.read(*row), str(other)) for *row, other in rows]


def again(order: orders.Order) -> store.Statement:
    """It is asked for anew."""
    return (QUERIES["again"], {"id": order.id})


def is_going_on(where: store.Store, run: str, carrier: str) -> bool:
    """Whether the run is this one's, and its order not over."""
    return bool(where.rows(QUERIES["going on"], {"run": run, "carrier": carrier}))
