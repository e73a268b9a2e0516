"""Escalation policies: who is told when, as a runbook's own table or midwatch.toml says."""

from __future__ import annotations

import dataclasses
import datetime

MINUTE = datetime.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """Who is told when nobody has acknowledged after so long."""

    after: datetime.timedelta
    whom: tuple[str, ...]
    """`schedule:primary`, `person:ana`, `everyone`."""
    title: str = ""
    """As the runbook names it: `Level 2: senior engineer`."""


EVERYBODY = Level(datetime.timedelta(), ("everyone",), "nobody is named, so everyone")


@dataclasses.dataclass(frozen=True, slots=True)
class Policy:
    """The levels, and what happens after the last; without any, everyone is told at once."""

    name: str
    levels: tuple[Level, ...] = (EVERYBODY,)
    repeat_after: datetime.timedelta = 15 * MINUTE
    """How long after the last level the first is told again; it never ends by itself."""
    source: str = ""
    """Where it comes from: `midwatch.toml`, or the runbook and its lines."""


@dataclasses.dataclass(frozen=True, slots=True)
class Waits:
    """How long the watch waits for what."""

    all_clear: datetime.timedelta = 5 * MINUTE
    """No alert fires again for this long: then it is over, not before."""
    forgotten: datetime.timedelta = 120 * MINUTE
    """Acknowledged, and nothing was done since: a reminder."""
    answer: datetime.timedelta = 30 * MINUTE
    """No answer to the reminder: the escalation begins again."""
