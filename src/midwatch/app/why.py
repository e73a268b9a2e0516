"""Why was I paged? Why was I not? Answered from what is on record."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.access import model as who
from midwatch.alerts import lists as alert_lists
from midwatch.alerts import model as alerts
from midwatch.app import watching
from midwatch.base import errors
from midwatch.incidents import lists, outbox, whys
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents

LATEST = 20
"""So many of the latest incidents are looked at for one person."""


@dataclasses.dataclass(frozen=True, slots=True)
class OfIncident:
    """One incident, and the reasons for each person asked about."""

    row: incidents.Row
    people: Sequence[tuple[str, Sequence[whys.Why]]]


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Incidents with their reasons, or alerts of a name with what became of them."""

    incidents: Sequence[OfIncident] = ()
    alerts: Sequence[alerts.Episode] = ()


def why(asking: watching.Asking, what: str, person: str | None) -> Answer:
    """Why people were paged, or not: for an incident, for a person, or for an alert of a name."""
    asking.require(who.Action.SEE, what)
    known = asking.given.directory.people
    if person is not None and person not in known:
        raise errors.UserError(f"There is no person “{person[:80]}”.")
    if what in known and person is None:
        rows = lists.page(asking.where, status="all", limit=LATEST).rows
        return Answer(tuple(_of(asking, row, [what]) for row in rows))
    episodes = alert_lists.of_name(asking.where, what, LATEST)
    if episodes:
        return Answer(alerts=tuple(episodes))
    row = lists.row(asking.where, _found(asking, what))
    return Answer((_of(asking, row, [person] if person else list(known)),))


def _found(asking: watching.Asking, what: str) -> str:
    try:
        return incidents.find(asking.where, what)
    except errors.UserError as error:
        raise errors.UserError(
            f"“{what[:80]}” is no incident, no person of [people] and no alert that came.",
            "`midwatch incidents --status all` lists incidents.",
        ) from error


def _of(asking: watching.Asking, row: incidents.Row, people: Sequence[str]) -> OfIncident:
    timeline = incidents.timeline(asking.where, row.id)
    state = states.fold(timeline)
    record = whys.Record(
        state=state,
        timeline=timeline,
        letters=outbox.listed(asking.where, incident=row.id, limit=watching.MOST_MESSAGES),
        because=outbox.because(asking.where, row.id),
        policy=asking.given.policy_of(state),
    )
    found = tuple((name, whys.why(record, name, asking.given.directory)) for name in people)
    return OfIncident(row, found)
