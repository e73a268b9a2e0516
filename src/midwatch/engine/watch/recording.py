"""Write what happened to an incident, whoever else writes at the same moment."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from midwatch.base import errors
from midwatch.db import store
from midwatch.incidents import events, model
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents

TRIES = 20


def record(
    where: store.Store,
    incident: str,
    happened: Callable[[states.State], Sequence[events.Event]],
    now: datetime.datetime,
    *also: store.Statement,
) -> states.State:
    """Add what `happened` says of the incident as it stands, and look at it again at once.

    `also` is written in the same transaction, even where nothing is added.
    """
    for _ in range(TRIES):
        state = incidents.load(where, incident)
        wanted = happened(state)
        change = incidents.changed(state, now, wanted)
        over = change.state.status is model.Status.RESOLVED
        statements = incidents.writing(incident, change, None if over else now) if wanted else []
        if not statements and not also:
            return state
        if where.write(*statements, *also):
            return change.state
    raise errors.WorldError(f"{incident} is being changed by others.", "It is tried again.")
