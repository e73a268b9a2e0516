"""The use cases behind every face of the watch: look at incidents, work on them."""

from __future__ import annotations

import dataclasses
import datetime
import difflib
from collections.abc import Sequence

from midwatch.access import decide as access
from midwatch.access import model as who
from midwatch.alerts import intake
from midwatch.alerts import lists as alert_lists
from midwatch.alerts import model as alerts
from midwatch.base import errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, responding
from midwatch.incidents import acts, events, lists, outbox
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents
from midwatch.oncall import directory

MOST_ALERTS = 500
MOST_MESSAGES = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, of what, and when."""

    where: store.Store
    given: arrangements.Arrangements
    actor: who.Actor
    now: datetime.datetime

    def require(self, action: who.Action, thing: str) -> None:
        """Refuse what the actor may not do."""
        access.require(self.actor, action, thing)


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """Everything about one incident."""

    row: incidents.Row
    state: states.State
    timeline: Sequence[events.Recorded]
    alerts: Sequence[alerts.Episode]
    messages: Sequence[outbox.Letter]


def listed(asking: Asking, *, status: str, limit: int, after: str) -> lists.Page:
    """A page of incidents."""
    asking.require(who.Action.SEE, "incidents")
    return lists.page(asking.where, status=status, limit=limit, after=after)


def show(asking: Asking, incident: str) -> Shown:
    """One incident, with its timeline, its alerts and who was told."""
    asking.require(who.Action.SEE, incident)
    where, name = asking.where, find(asking, incident)
    timeline = incidents.timeline(where, name)
    return Shown(
        row=lists.row(where, name),
        state=states.fold(timeline),
        timeline=timeline,
        alerts=alert_lists.of_incident(where, name, MOST_ALERTS),
        messages=outbox.listed(where, incident=name, limit=MOST_MESSAGES),
    )


def find(asking: Asking, incident: str) -> str:
    """The incident of that id, or whose id ends so."""
    try:
        return incidents.find(asking.where, incident)
    except errors.UserError as error:
        raise errors.NotFoundError(error.message, error.hint) from error


def respond(asking: Asking, incident: str, act: acts.Act) -> incidents.Row:
    """Do something about an incident; where it stands then."""
    asking.require(who.Action.RESPOND, incident)
    name = find(asking, incident)
    require_known(act, asking.given.directory)
    responding.respond(
        asking.where, asking.given, name, act=act, by=asking.actor.name, now=asking.now
    )
    return lists.row(asking.where, name)


def require_known(act: acts.Act, known: directory.Directory) -> None:
    """Refuse an act about somebody who is not in midwatch.toml: nobody would be told."""
    match act:
        case acts.Assign(person) | acts.AddPerson(person) | acts.TakeRole(_, person):
            if person in known.people:
                return
        case _:
            return
    near = difflib.get_close_matches(person, list(known.people), n=1)
    hint = f"Did you mean {near[0]}?" if near else "People are named in [people] of midwatch.toml."
    raise errors.UserError(f"There is no person “{person[:80]}”.", hint)


def messages(asking: Asking, *, state: str, limit: int) -> list[outbox.Letter]:
    """Messages, the newest first; the dead letters are those that no channel took."""
    asking.require(who.Action.SEE, "messages")
    return outbox.listed(asking.where, state=state, limit=limit)


def replay(asking: Asking, letter: int) -> None:
    """Send a dead letter again."""
    asking.require(who.Action.REPLAY, f"message {letter}")
    dead = outbox.find(asking.where, letter)
    if dead is None:
        raise errors.NotFoundError(f"There is no message {letter}.")
    if dead.state != "dead":
        raise errors.UserError(f"Message {letter} is {dead.state}: only dead letters go out again.")
    asking.where.write(outbox.replaying(letter, asking.actor.name, asking.now))


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is on a schedule at a moment."""

    schedule: str
    found: directory.Found


def on_call(asking: Asking, at: datetime.datetime) -> list[Turn]:
    """Who is on call on every schedule."""
    asking.require(who.Action.SEE, "who is on call")
    known = asking.given.directory
    return [
        Turn(name, found)
        for name in known.schedules
        for found in known.find(f"schedule:{name}", at)
    ]


def refusals(asking: Asking, *, source: str, limit: int) -> list[intake.Refusal]:
    """What was not taken in, and why."""
    asking.require(who.Action.SEE, "refusals")
    return intake.refused(asking.where, source=source, limit=limit)
