"""A run of an incident asks a person something: those who are responsible hear of it at once.

The incident waits for nothing: its escalation goes on as if there were no run.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Iterable, Sequence

from midwatch.access import names
from midwatch.base import errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, escalating, recording
from midwatch.incidents import asking, events, messages, model, orders
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents
from midwatch.oncall import directory

TRIES = 20
ANSWER_WITHIN = datetime.timedelta(minutes=10)
"""After so long without an answer the run has not helped: the next level is due."""


def tell(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    event: events.RunWaits,
    now: datetime.datetime,
) -> None:
    """Put the question on the incident, and send it to those who can answer; once."""
    for _ in range(TRIES):
        doing = escalating.Doing(order.incident, incidents.load(where, order.incident), given, now)
        if (event.run, event.question) in doing.state.asked:
            return
        if where.write(*_written(doing, order, event)):
            return
    raise errors.WorldError(f"{order.incident} is being changed by others.", "It is tried again.")


def _written(
    doing: escalating.Doing, order: orders.Order, event: events.RunWaits
) -> list[store.Statement]:
    doing.record(event)
    also = []
    if doing.state.status is not model.Status.RESOLVED:
        _ask(doing, event)
    if order.purpose is not orders.Purpose.DIAGNOSIS:  # that one is over for its incident
        also.append(asking.asking(order, doing.now))
    if asking.is_failure(event):
        doing.record(*_consequence(order, f"it stands still: {event.question}", doing.state))
        also.append(asking.left(order))
    return [*doing.at_once(), *also]


def _ask(doing: escalating.Doing, event: events.RunWaits) -> None:
    """Send the question with the exact words, the command, and the address of the run."""
    words = f"The {event.purpose} {event.run} waits for an answer: {event.question}"
    escalating.say(doing, messages.Kind.UPDATE, responsible(doing, event.said), words)
    url = doing.given.public_url
    address = [f"POST {url}/api/v1/runs/{event.run}/answer"] if url else []
    lines = [*event.text.strip().splitlines(), f"$ {event.command}", *address]
    more = {"answer": event.command, "lines": lines}
    doing.wanted = [
        dataclasses.replace(each, body={**each.body, **more, "because": "you can answer it"})
        for each in doing.wanted
    ]


def responsible(doing: escalating.Doing, said: Sequence[str] = ()) -> tuple[str, ...]:
    """Whoever has it and whoever was told of it, but for those who have said yes already.

    Where that is nobody, whoever would be told next.
    """
    state, known = doing.state, doing.given.directory
    named = (state.acknowledged_by, state.assigned, *state.people)
    found = _others((name for name in named if _is_reachable(known, name)), said)
    following = doing.given.policy_of(state).levels[state.level + 1 :]
    for word in (*(word for level in following for word in level.whom), directory.EVERYONE):
        if found:
            break
        every = known.find(word, doing.now)
        reached = (each.person.id for each in every if isinstance(each, directory.Reached))
        found = _others(reached, said)
    return found


def _is_reachable(known: directory.Directory, name: str) -> bool:
    return name in known.people and bool(known.people[name].ways)


def _others(people: Iterable[str], said: Sequence[str]) -> tuple[str, ...]:
    left = (each for each in people if not any(names.same(each, name) for name in said))
    return tuple(dict.fromkeys(left))


def look(where: store.Store, now: datetime.datetime) -> None:
    """What nobody has answered in time is told as what it is: no help."""
    minutes = ANSWER_WITHIN.total_seconds() / 60
    why = f"nobody answered within {minutes:g} minutes what it asks"
    for order in asking.unanswered(where, now - ANSWER_WITHIN):
        followed = functools.partial(_consequence, order, why)
        recording.record(where, order.incident, followed, now, asking.left(order))


def _consequence(order: orders.Order, why: str, state: states.State) -> Sequence[events.Event]:
    """What follows for the incident from a run that stands still."""
    if state.status is model.Status.RESOLVED:
        return ()
    match order.purpose:
        case orders.Purpose.REMEDIATION:
            return (events.RemediationFailed(order.run, why),)
        case orders.Purpose.PERIODIC:
            page = model.Urgency.PAGE.value
            return (events.SeveritySet(state.severity, page, f"the regular task waits: {why}"),)
        case _:
            return ()
