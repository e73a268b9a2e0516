"""When a procedure last worked, at the words it has now."""

from __future__ import annotations

import datetime
import enum

from midwatch.base import shape
from midwatch.drills import statistics

MINUTE, HOUR, DAY = 60, 3600, 86400
WEEKS = 14 * DAY


class Standing(enum.StrEnum):
    """What a proof is worth today."""

    GOOD = "good"
    STALE = "stale"
    """It worked, and that is long ago."""
    CHANGED = "changed"
    """It worked, and its words are others now."""
    NOT_HEALED = "not-healed"
    """It was rehearsed last, and did not heal."""
    NEVER = "never"


@shape.frozen
class Try:
    """One rehearsal of a procedure, judged."""

    at: datetime.datetime
    healed: bool
    stable: float | None
    target: str


@shape.frozen
class Proof:
    """What is known of a procedure at one wording."""

    tries: tuple[Try, ...] = ()
    """Rehearsals, the latest first."""
    succeeded: datetime.datetime | None = None
    """The last real run that succeeded."""
    succeeded_on: str = ""
    before: datetime.datetime | None = None
    """When it last worked at other words."""

    @property
    def healed(self) -> int:
        """How many of the rehearsals healed."""
        return sum(1 for each in self.tries if each.healed)

    @property
    def median(self) -> float | None:
        """The median from broken to stable."""
        return statistics.median([e.stable for e in self.tries if e.stable is not None])

    @property
    def last(self) -> datetime.datetime | None:
        """When it last worked, at these words."""
        times = [each.at for each in self.tries if each.healed]
        times += [self.succeeded] if self.succeeded is not None else []
        return max(times, default=None)


NOTHING = Proof()


def standing(proof: Proof, now: datetime.datetime, good_for: datetime.timedelta | None) -> Standing:
    """What the proof is worth now; without a limit it does not grow old."""
    last = proof.last
    if last is None:
        if proof.tries:
            return Standing.NOT_HEALED
        return Standing.NEVER if proof.before is None else Standing.CHANGED
    if good_for is not None and now - last > good_for:
        return Standing.STALE
    return Standing.GOOD


def sentence(proof: Proof, now: datetime.datetime) -> str:
    """`last rehearsed 2 days ago, 19 of 20 healed, median 14 s`; nothing where nothing is known."""
    parts = []
    if proof.tries:
        count = len(proof.tries)
        parts.append(
            f"last rehearsed {ago(now - proof.tries[0].at)}, {proof.healed} of {count} healed"
            + _median(proof.median)
        )
    if proof.succeeded is not None:
        parts.append(f"last run to success {ago(now - proof.succeeded)} on {proof.succeeded_on}")
    if not parts and proof.before is not None:
        parts.append(f"worked {ago(now - proof.before)}, but its steps have changed since")
    return "; ".join(parts)


def _median(seconds: float | None) -> str:
    return "" if seconds is None else f", median {duration(seconds)}"


def duration(seconds: float) -> str:
    """A duration as a person says it: `0.4 s`, `14 s`, `2 min 5 s`."""
    if seconds < 10:  # noqa: PLR2004  (below that a tenth matters)
        return f"{seconds:.1f} s"
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds // MINUTE:.0f} min {seconds % MINUTE:.0f} s"


def ago(passed: datetime.timedelta) -> str:
    """How long ago, in the largest unit that says something."""
    seconds = passed.total_seconds()
    if seconds < MINUTE:
        return "just now"
    for unit, name, until in ((MINUTE, "minute", HOUR), (HOUR, "hour", DAY), (DAY, "day", WEEKS)):
        if seconds < until:
            return _count(seconds, unit, name)
    return _count(seconds, 7 * DAY, "week")


def _count(seconds: float, unit: int, name: str) -> str:
    number = int(seconds // unit)
    return f"{number} {name} ago" if number == 1 else f"{number} {name}s ago"


def fields(proof: Proof) -> dict[str, object]:
    """The proof as programs get it."""
    last_try = proof.tries[0].at if proof.tries else None
    return {
        "rehearsed_at": last_try.isoformat() if last_try else None,
        "rehearsals": len(proof.tries),
        "healed": proof.healed,
        "median_seconds": proof.median,
        "succeeded_at": proof.succeeded.isoformat() if proof.succeeded else None,
        "other_words_at": proof.before.isoformat() if proof.before else None,
    }
