"""What happens after a try to send: done, tried again later, another way, or given up."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TypeAlias

from midwatch.base import counted

MINUTE = 60.0
BACKOFF = (1.0, 3.0, 10.0, 30.0, MINUTE, 2 * MINUTE, 5 * MINUTE)
"""Seconds before the second, third … try; the last one goes on."""
GIVE_UP = datetime.timedelta(hours=4)
FALLBACK_AFTER = 2
"""After so many failed tries another way is used as well, while this one goes on."""
PATIENCE = datetime.timedelta(minutes=2)
"""A channel that asks to wait longer than this does not keep the page from going another way."""


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """The channel took it."""

    receipt: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Later:
    """The channel is away, or asks for patience."""

    why: str
    retry_after: float | None = None
    """Seconds that the channel asked to wait."""


@dataclasses.dataclass(frozen=True, slots=True)
class Never:
    """The channel says that this can never be delivered: a wrong address, a wrong token."""

    why: str


Attempt: TypeAlias = Accepted | Later | Never


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """It is delivered."""

    receipt: str


@dataclasses.dataclass(frozen=True, slots=True)
class Again:
    """Another try then; `fallback` when another way is used beside it."""

    at: datetime.datetime
    why: str
    fallback: bool


@dataclasses.dataclass(frozen=True, slots=True)
class GiveUp:
    """A dead letter; another way is used now."""

    why: str


After: TypeAlias = Done | Again | GiveUp


def after(
    attempt: Attempt, attempts: int, created: datetime.datetime, now: datetime.datetime
) -> After:
    """What follows from the try, the `attempts`-th one (the first is 1)."""
    match attempt:
        case Accepted(receipt):
            return Done(receipt)
        case Never(why):
            return GiveUp(why)
        case Later(why, retry_after):
            wait = BACKOFF[min(attempts, len(BACKOFF)) - 1]
            at = now + datetime.timedelta(seconds=max(wait, retry_after or 0.0))
            if at - created > GIVE_UP:
                return GiveUp(f"{why}; given up after {counted.of(attempts, 'try', 'tries')}")
            long = at - now > PATIENCE
            return Again(at, why, fallback=attempts == FALLBACK_AFTER or long)


@dataclasses.dataclass(frozen=True, slots=True)
class Arrived:
    """The provider says that it reached the person."""

    receipt: str


@dataclasses.dataclass(frozen=True, slots=True)
class OnItsWay:
    """The provider does not know yet."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lost:
    """The provider took it and could not deliver it."""

    why: str


Fate: TypeAlias = Arrived | OnItsWay | Lost
"""What became of a message that was accepted."""
