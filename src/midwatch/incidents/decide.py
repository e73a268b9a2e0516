"""What an incident needs next: its state, its policy and the time in, one named decision out."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TypeAlias

from midwatch.base import counted
from midwatch.incidents import model, policy
from midwatch.incidents import state as states

SLACK = datetime.timedelta(minutes=1)
"""A clock that is set back by less only delays what is due by as much."""
FAR = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Tell this level now; the one after the last is everybody who was not told yet."""

    level: int
    round: int
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Remind:
    """Ask whoever acknowledged it whether it is still theirs."""

    who: str
    times: int


@dataclasses.dataclass(frozen=True, slots=True)
class GiveBack:
    """Nobody answers for it: it is nobody's again, and the escalation begins anew."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Wake:
    """The snooze is over."""


@dataclasses.dataclass(frozen=True, slots=True)
class Resolve:
    """The alerts are gone and stayed away."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """Nothing now; look again then, or only when something happens."""

    until: datetime.datetime | None


Decision: TypeAlias = Page | Remind | GiveBack | Wake | Resolve | Wait


def next_step(
    state: states.State,
    given: policy.Policy,
    waits: policy.Waits,
    now: datetime.datetime,
) -> Decision:
    """The one thing to do now."""
    if state.status is model.Status.RESOLVED:
        return Wait(None)
    if state.recovered_at is not None:
        return _all_clear(state.recovered_at, waits, now)
    if state.snoozed_until is not None:
        return Wake() if now >= state.snoozed_until else Wait(state.snoozed_until)
    if state.status is model.Status.ACKNOWLEDGED:
        return _acknowledged(state, waits, now)
    if state.urgency is model.Urgency.RECORD:
        return Wait(None)
    return _escalate(state, given, now)


def _all_clear(
    recovered: datetime.datetime, waits: policy.Waits, now: datetime.datetime
) -> Decision:
    """A recovery counts once it has lasted; until then nobody new is woken for it."""
    until = recovered + waits.all_clear
    if now < until:
        return Wait(until)
    minutes = waits.all_clear.total_seconds() / 60
    return Resolve(f"no alert of it fired again for {counted.of(minutes, 'minute')}")


def _acknowledged(state: states.State, waits: policy.Waits, now: datetime.datetime) -> Decision:
    since = state.active_at or state.acknowledged_at or now
    if since > now + FAR:
        return GiveBack("the clock was set back, and nobody knows how long ago that was")
    if state.reminders and state.reminded_at is not None and state.reminded_at >= since:
        until = state.reminded_at + waits.answer
        if now < until:
            return Wait(until)
        return GiveBack(f"{state.acknowledged_by} acknowledged it and did not answer since")
    until = since + waits.forgotten
    return Remind(state.acknowledged_by, state.reminders + 1) if now >= until else Wait(until)


def _escalate(state: states.State, given: policy.Policy, now: datetime.datetime) -> Decision:
    began = state.round_started or now
    if max(began, state.level_at or began) > now + SLACK:
        return GiveBack("the clock was set back, and the escalation begins again")
    following = state.level + 1
    if following < len(given.levels):
        due = began + given.levels[following].after if state.reached else now
        if now < due:
            return Wait(due)
        early = now < began + given.levels[following].after
        return Page(following, state.round, _why(given, following, early=early))
    if following == len(given.levels) and state.unreached:
        return Page(following, state.round, "somebody of the last level could not be reached")
    due = (state.level_at or began) + given.repeat_after
    if now < due:
        return Wait(due)
    return Page(0, state.round + 1, f"nobody acknowledged round {state.round + 1}")


def _why(given: policy.Policy, level: int, *, early: bool) -> str:
    title = given.levels[level].title or f"level {level + 1}"
    minutes = given.levels[level].after.total_seconds() / 60
    when = f"not acknowledged after {counted.of(minutes, 'minute')}" if minutes else "at once"
    when = "nobody of the level before could be reached" if early else when
    return f"{title} of {given.name}: {when}"
