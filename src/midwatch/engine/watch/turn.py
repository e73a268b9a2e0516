"""One turn of the watch, with every stage in its order.

It is called when something arrives and every second. All it knows lies in the store, so that it
may be killed at any moment.
"""

from __future__ import annotations

import datetime

from midwatch.alerts import model, silence_store
from midwatch.db import store
from midwatch.engine.watch import (
    arrangements,
    escalating,
    looking,
    noticing,
    regularly,
    remediating,
    run_waits,
    taking,
)

BATCHES = 2
"""Batches of alerts in one turn: while more and more arrive, people are paged all the same."""


def turn(where: store.Store, given: arrangements.Arrangements, now: datetime.datetime) -> bool:
    """Take in what arrived, end what is over, and move every incident on whose time has come.

    True where more alerts wait: the next turn is due at once.
    """
    regularly.look(where, given, now)
    looking.look(where, given, now)
    taken = [taking.take(where, given, now) for _ in range(BATCHES)]
    taking.lapse(where, given, now)
    ended = silence_store.over(where, now)
    if ended and taking.renew(where, given, now, model.Disposition.SILENCED):
        for silence in ended:
            regularly.closed(where, given, silence.id, now)
        noticing.silences_ended(where, given, ended, now)
    taking.renew(where, given, now, model.Disposition.INHIBITED)
    remediating.verify(where, now)
    run_waits.look(where, now)
    while escalating.escalate(where, given, now) >= escalating.BATCH:
        pass
    return taken[-1] > 0
