"""A person's act on an incident, written with everything that follows from it."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.base import errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, escalating
from midwatch.incidents import acts, events, messages
from midwatch.incidents import store as incidents
from midwatch.oncall import directory

TRIES = 20
STOPS = (events.Acknowledged, events.Resolved, events.Snoozed)
"""What takes the pages back that are still on their way."""


def respond(
    where: store.Store,
    given: arrangements.Arrangements,
    incident: str,
    *,
    act: acts.Act,
    by: str,
    now: datetime.datetime,
) -> tuple[events.Event, ...]:
    """Do it; nothing where it was so already. Raises UserError where it cannot be done."""
    for _ in range(TRIES):
        doing = escalating.Doing(incident, incidents.load(where, incident), given, now)
        followed = acts.follow(doing.state, act, by, now)
        if isinstance(followed, acts.Refused):
            raise errors.UserError(f"{incident}: {followed.why}")
        _require_place(where, doing, act)
        if not followed or where.write(*_written(doing, followed)):
            return followed
    raise errors.WorldError(f"{incident} is being changed by others.", "Try again.")


def _require_place(where: store.Store, doing: escalating.Doing, act: acts.Act) -> None:
    """Of the same alerts only one incident is open at a time."""
    other = incidents.of_group(where, doing.state.group) if isinstance(act, acts.Reopen) else None
    if other is not None and other != doing.incident:
        raise errors.UserError(
            f"{doing.incident} stays resolved: {other} is open for the same alerts.",
            "Go on there.",
        )


def _written(doing: escalating.Doing, followed: tuple[events.Event, ...]) -> list[store.Statement]:
    before = doing.state.people
    doing.record(*followed)
    for event in followed:
        _tell(doing, event, before)
    stopped = next((each for each in followed if isinstance(each, STOPS)), None)
    if stopped is None:
        return doing.at_once()
    what = type(stopped).__name__.lower()
    back = incidents.taking_back(doing.incident, f"{what} by {stopped.by}")
    return [back, *doing.at_once()]  # first: what the act itself sends is not taken back


def _call(doing: escalating.Doing, person: str, why: str) -> None:
    """Page somebody by name; that event, not the next page, gives the messages their keys."""
    found = doing.given.directory.find(f"person:{person}", doing.now)
    reached = [
        dataclasses.replace(each, why=why) for each in found if isinstance(each, directory.Reached)
    ]
    missing = [each for each in found if isinstance(each, directory.Missing)]
    doing.record(*(events.NotPaged(each.whom, each.why) for each in missing))
    body = escalating.told(doing, why)
    doing.wanted += messages.pages(
        f"{doing.incident}/{doing.state.seq}/called", doing.incident, reached, body, doing.now
    )


def _tell(doing: escalating.Doing, event: events.Event, before: tuple[str, ...]) -> None:
    match event:
        case events.PersonAdded(by, person):
            _call(doing, person, f"{by} calls you in")
        case events.Assigned(by, to) if to != by:
            _call(doing, to, f"{by} made it yours")
        case events.Acknowledged(by):
            others = tuple(name for name in before if name != by)
            escalating.say(doing, messages.Kind.UPDATE, others, f"{by} has it")
            escalating.mirror(doing, f"{by} has it")
        case events.Resolved(by, why):
            others = tuple(name for name in before if name != by)
            escalating.say(doing, messages.Kind.UPDATE, others, f"Resolved by {by}: {why}")
            escalating.mirror(doing, f"Resolved by {by}: {why}")
        case _:
            return
