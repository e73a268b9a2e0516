"""Whether Midwatch may carry a remediation out by itself: facts in, yes or a reason out.

Off unless the team's policy names the procedure. Nothing here ever stops an escalation.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import TypeAlias

from midwatch.base import counted

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """What a team allows: a `[[remediation]]` table of midwatch.toml."""

    procedure: str
    """RUNBOOK#PROCEDURE."""
    target: str
    hours: tuple[int, int] | None = None
    """Only between these minutes after midnight, UTC; over midnight where the first is larger."""
    at_most: int = 1
    """Runs within an hour."""
    breaker: int = 2
    """After so many failures one after another within a day a person must look."""
    same_within: int = 3
    """After so many runs for the same group within a day it heals nothing: a person must look."""


@dataclasses.dataclass(frozen=True, slots=True)
class Before:
    """An earlier remediation by the same procedure."""

    at: datetime.datetime
    group: str
    healed: bool | None
    """None while it goes on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is known when an incident could be remediated."""

    now: datetime.datetime
    procedure: str
    group: str
    rule: Rule | None
    paused: str = ""
    """Who paused all remediation, and why."""
    irreversible: Sequence[str] = ()
    """Steps that change something and have no way back, or of which nothing is known."""
    missing: Sequence[str] = ()
    """Inputs that nobody named."""
    for_person: Sequence[str] = ()
    """Steps that only a person can do."""
    before: Sequence[Before] = ()
    acknowledged_by: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Go:
    """Carry it out."""

    rule: Rule


@dataclasses.dataclass(frozen=True, slots=True)
class No:
    """A person must, and why."""

    why: str


Answer: TypeAlias = Go | No


def decide(facts: Facts) -> Answer:
    """Whether to carry the procedure out now."""
    rule = facts.rule
    if rule is None:
        return No("no [[remediation]] of midwatch.toml names it")
    why = _standing_reason(facts) or _history_reason(facts, rule)
    if why:
        return No(why)
    if rule.hours is not None and not _within(rule.hours, facts.now):
        return No("not at this hour: " + _window(rule.hours))
    return Go(rule)


def _standing_reason(facts: Facts) -> str:
    if facts.paused:
        return f"remediation is paused: {facts.paused}"
    if facts.acknowledged_by:
        return f"{facts.acknowledged_by} is at work on it"
    if facts.missing:
        return "no alert label says what " + ", ".join(facts.missing) + " is"
    if facts.for_person:
        return "a person must do: " + "; ".join(facts.for_person)
    if facts.irreversible:
        return "no way back is known for: " + "; ".join(facts.irreversible)
    return ""


def _history_reason(facts: Facts, rule: Rule) -> str:
    if any(each.healed is None for each in facts.before):
        return "it is being carried out already"
    lately = [each for each in facts.before if facts.now - each.at < HOUR]
    if len(lately) >= rule.at_most:
        return (
            f"it ran {counted.of(len(lately), 'time')} within the hour, {rule.at_most} are allowed"
        )
    today = sorted((e for e in facts.before if facts.now - e.at < DAY), key=lambda e: e.at)
    failures = _failures_at_the_end(today)
    if failures >= rule.breaker:
        return f"it failed {counted.of(failures, 'time')} one after another: a person must look"
    same = sum(1 for each in today if each.group == facts.group)
    if same >= rule.same_within:
        times = counted.of(same, "time")
        return f"it ran {times} for this within a day, and it comes back: a person must look"
    return ""


def _failures_at_the_end(before: Sequence[Before]) -> int:
    count = 0
    for each in reversed(before):
        if each.healed:
            break
        count += 1
    return count


def _within(hours: tuple[int, int], now: datetime.datetime) -> bool:
    utc = now.astimezone(datetime.UTC)
    minute = utc.hour * 60 + utc.minute
    begins, ends = hours
    if begins <= ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends


def _window(hours: tuple[int, int]) -> str:
    begins, ends = (f"{minute // 60:02}:{minute % 60:02}" for minute in hours)
    return f"{begins} to {ends} UTC"
