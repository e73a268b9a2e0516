"""The way of an alert, in one place: stale, silenced, inhibited, flapping, storm, then its group.

Each stage is a small pure function; the first that has something to say decides. Nothing is ever
dropped: an alert that pages nobody is on record with the stage's reason.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from midwatch.alerts import matching, model, rules, silences
from midwatch.base import counted

STORM_GROUP = "storm"


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the watch knows when the alert arrives."""

    now: datetime.datetime
    rules: rules.Rules
    silences: Sequence[silences.Silence]
    firing: Sequence[Mapping[str, str]]
    """The labels of all that fires and is not itself inhibited."""
    ended: bool
    """Whether this episode's end was told already."""
    starts: int
    """How often the same alert started within the time that flapping looks at."""
    new_incidents: int
    """How many incidents were opened within the time that a storm looks at, and would be now."""
    storm_open: bool
    group_open: bool
    """Whether the group it belongs to has an incident already."""


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """It pages nobody, and this is why."""

    disposition: model.Disposition
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Grouped:
    """It belongs to the incident of this group: the open one, or a new one."""

    group: str
    reason: str
    flapping: bool = False


Verdict: TypeAlias = Held | Grouped
Stage: TypeAlias = Callable[[model.Alert, Facts], Verdict | None]


def judge(alert: model.Alert, facts: Facts) -> Verdict:
    """What becomes of a firing alert."""
    for stage in STAGES:
        verdict = stage(alert, facts)
        if verdict is not None:
            return verdict
    return _grouped(alert, facts)


def _stale(_: model.Alert, facts: Facts) -> Verdict | None:
    if not facts.ended:
        return None
    return Held(model.Disposition.STALE, "its end was told before: an old message, repeated")


def _silenced(alert: model.Alert, facts: Facts) -> Verdict | None:
    found = silences.covering(facts.silences, alert.labels, facts.now)
    if found is None:
        return None
    return Held(model.Disposition.SILENCED, f"{found}, until {found.ends_at:%Y-%m-%d %H:%M} UTC")


def _inhibited(alert: model.Alert, facts: Facts) -> Verdict | None:
    for rule in facts.rules.inhibitions:
        if not matching.all_match(rule.target, alert.labels):
            continue
        for labels in facts.firing:
            if _inhibits(rule, labels, alert.labels):
                name = labels.get("alertname", "another alert")
                return Held(model.Disposition.INHIBITED, f"a consequence of {name}, which fires")
    return None


def _inhibits(rule: rules.Inhibition, source: Mapping[str, str], target: Mapping[str, str]) -> bool:
    if not matching.all_match(rule.source, source) or matching.all_match(rule.source, target):
        return False
    return all(source.get(name, "") == target.get(name, "") for name in rule.equal)


def _flapping(alert: model.Alert, facts: Facts) -> Verdict | None:
    limit = facts.rules.flapping
    if facts.starts <= limit.times:
        return None
    minutes = limit.within.total_seconds() / 60
    reason = f"it started {counted.of(facts.starts, 'time')} in {counted.of(minutes, 'minute')}"
    return Grouped(group_of(alert, facts.rules), reason, flapping=True)


def _storm(_: model.Alert, facts: Facts) -> Verdict | None:
    limit = facts.rules.storm
    if facts.group_open or not (facts.storm_open or facts.new_incidents > limit.incidents):
        return None
    seconds = limit.within.total_seconds()
    reason = f"a storm: more than {limit.incidents} new incidents in {seconds:g} s"
    return Grouped(STORM_GROUP, reason)


def _grouped(alert: model.Alert, facts: Facts) -> Grouped:
    labels = [name for name in facts.rules.group_by if alert.labels.get(name)]
    return Grouped(group_of(alert, facts.rules), f"grouped by {', '.join(labels) or 'its name'}")


def group_of(alert: model.Alert, given: rules.Rules) -> str:
    """What alerts of one incident have in common, readable."""
    named = {"alertname": alert.name, **alert.labels}
    return " ".join(f"{name}={named[name]}" for name in given.group_by if named.get(name)) or (
        f"alertname={alert.name}"
    )


STAGES: tuple[Stage, ...] = (_stale, _silenced, _inhibited, _flapping, _storm)
