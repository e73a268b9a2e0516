"""Who said yes to what: bound to what was shown, good once and for a while."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib

from midwatch.base import shape
from midwatch.runs import events, model, state


def bound(run_id: str, step: model.PlannedStep, attempt: int) -> str:
    """What a yes is bound to: this run, this step, this attempt, and the words that were shown."""
    told = f"{run_id}\n{step.index}\n{attempt}\n{step.digest}"
    return hashlib.sha256(told.encode()).hexdigest()


def signed(
    event: events.Approved, *, actor: str, now: datetime.datetime | None, seconds: float
) -> events.Approved:
    """The yes with who said it, and until when it counts."""
    until = (now + datetime.timedelta(seconds=seconds)).isoformat() if now else ""
    return dataclasses.replace(event, by=event.by or actor, until=event.until or until)


LEEWAY = 60.0
"""Seconds that a clock may be set back without a word."""


@shape.frozen
class Valid:
    """What counts as said right now."""

    approved: bool
    people: frozenset[str]


def valid(
    standing: state.StepState,
    step: model.PlannedStep,
    now: datetime.datetime | None,
    seconds: float,
) -> Valid:
    """The yeses to exactly this that are neither used up nor expired."""
    if standing.approved != step.digest:
        return Valid(approved=False, people=frozenset())
    counting = [each for each in standing.yeses if counts(each.until, now, seconds)]
    return Valid(bool(counting), frozenset(each.by for each in counting if each.by))


def counts(until: str, now: datetime.datetime | None, seconds: float) -> bool:
    """Whether a yes that is good for so long still counts.

    Where the time is not known, one that expires does not; nor one that, by a clock that was set
    back, is yet to be said.
    """
    if not until:
        return True
    if now is None:
        return False
    left = (datetime.datetime.fromisoformat(until) - now).total_seconds()
    return 0 < left < seconds + LEEWAY
