"""The use cases of silences: see them, make one, end one."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from midwatch.access import model as who
from midwatch.alerts import matching, silence_store, silences
from midwatch.app import watching
from midwatch.base import errors, ids

LONGEST_REASON = 500
MOST_MATCHERS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """A silence that somebody asks for."""

    matchers: Sequence[str]
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    reason: str


def listed(asking: watching.Asking) -> list[silences.Silence]:
    """The silences that hold, or will."""
    asking.require(who.Action.SEE, "silences")
    return silence_store.holding(asking.where, asking.now)


def add(asking: watching.Asking, wish: Wish) -> silences.Silence:
    """Silence alerts until a time, for a reason."""
    asking.require(who.Action.SILENCE, "alerts")
    _require_sense(wish, asking.now)
    made = silences.Silence(
        id=ids.silence_id(asking.now),
        created_at=asking.now,
        created_by=asking.actor.name,
        reason=wish.reason.strip(),
        matchers=tuple(matching.parse(text) for text in wish.matchers),
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
    )
    if not asking.where.write(silence_store.adding(made)):
        raise errors.WorldError("Two silences got one id.", "Try again.")
    return made


def _require_sense(wish: Wish, now: datetime.datetime) -> None:
    if not 0 < len(wish.matchers) <= MOST_MATCHERS:
        raise errors.UserError(f"A silence has 1 to {MOST_MATCHERS} matchers.")
    if not 0 < len(wish.reason.strip()) <= LONGEST_REASON:
        raise errors.UserError(
            f"A silence has a reason of 1 to {LONGEST_REASON} characters.",
            "Somebody will ask why nobody was paged.",
        )
    if not max(now, wish.starts_at) < wish.ends_at <= wish.starts_at + silences.LONGEST:
        days = silences.LONGEST.days
        raise errors.UserError(
            f"A silence ends after it starts, in the future, within {days} days."
        )
    if all(_matches_nothing_named(text) for text in wish.matchers):
        raise errors.UserError(
            "This silence would hold back every alert.", "Name at least one label exactly."
        )


def _matches_nothing_named(text: str) -> bool:
    """Whether alerts without the label meet the matcher too."""
    return matching.parse(text).matches({})


def end(asking: watching.Asking, silence: str) -> silences.Silence:
    """End a silence now; what it held back fires for everybody again."""
    asking.require(who.Action.SILENCE, f"alerts by {silence}")
    found = [each for each in listed(asking) if each.id == silence]
    if not found:
        raise errors.NotFoundError(f"No silence {silence} holds.")
    asking.where.write(silence_store.ending(silence, asking.now))
    return found[0]
