"""Runs that another machine began, which does not keep the watch any more: told, not repeated."""

from __future__ import annotations

import datetime

from midwatch.db import store
from midwatch.engine.watch import arrangements, recording, remediating
from midwatch.incidents import carriers, events, looks, orders
from midwatch.runs import model


def tell(
    where: store.Store, given: arrangements.Arrangements, carrier: str, now: datetime.datetime
) -> None:
    """Say of each that nobody here knows how it went; only reads are carried out again."""
    for order, other in carriers.elsewhere(where, carrier):
        _tell(where, given, order, other.partition("/")[0], now)


def _tell(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    host: str,
    now: datetime.datetime,
) -> None:
    why = f"it was begun on {host}, which does not keep the watch any more"
    match order.purpose:
        case orders.Purpose.PROBE:
            where.write(looks.ended(order, looks.UNKNOWN, why, now))
        case orders.Purpose.DIAGNOSIS:
            told = f"The diagnosis is carried out again, since it only reads: {why}"
            note = events.Noted("midwatch", told)
            recording.record(where, order.incident, lambda _: (note,), now, carriers.again(order))
        case _:
            remediating.ended(where, given, order, _in_doubt(order, why), now)


def _in_doubt(order: orders.Order, why: str) -> events.RunEnded:
    """Whether it changed anything nobody here can know."""
    look = (
        f"There: midwatch transcript {order.run}" if order.run else "Whether it began is not known"
    )
    told = f"What it did is not known here: {why}.\n{look}."
    run = order.run or "of which nobody knows more"
    return events.RunEnded(run, order.purpose.value, model.Outcome.IN_DOUBT.value, told)
