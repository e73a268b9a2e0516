"""The verdict, from what the probe said and from nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.drills import course as courses
from midwatch.drills import model

K = model.Kind


@dataclasses.dataclass(frozen=True, slots=True)
class Healed:
    """When the last good stretch began, and when it had lasted long enough."""

    recovered: float
    stable: float


def deadline(course: courses.Course, limits: model.Limits) -> float:
    """When patience ends."""
    broken = course.broken_at
    return float("inf") if broken is None else broken + limits.timeout


def healed(course: courses.Course, limits: model.Limits) -> Healed | None:
    """Whether it was seen to be broken, and has been good since, for long enough and in time."""
    first_bad, since, last = course.at(K.FIRST_BAD), course.good_since, course.last
    if first_bad is None or since is None or last is None or since < first_bad:
        return None
    stable = since + limits.stable
    if last.at < stable or stable > deadline(course, limits):
        return None
    return Healed(since, stable)


def result(rehearsal: model.Rehearsal, events: Sequence[model.Event]) -> model.Result:
    """What a rehearsal came to: its times count from the moment it was broken."""
    course = courses.fold(events)
    zero = course.broken_at

    def since(kind: model.Kind) -> float | None:
        at = course.at(kind)
        return None if at is None or zero is None else round(at - zero, 3)

    def told(kind: model.Kind, name: str) -> str:
        return str(course.detail(kind, name) or "")

    return model.Result(
        number=rehearsal.number,
        fault=rehearsal.fault.id,
        arm=rehearsal.arm,
        seed=rehearsal.seed,
        verdict=model.Verdict(told(K.JUDGED, "verdict") or model.Verdict.INTERRUPTED),
        first_bad=since(K.FIRST_BAD),
        detected=since(K.DETECTED),
        first_step=since(K.FIRST_STEP),
        recovered=since(K.RECOVERED),
        stable=since(K.STABLE),
        arm_outcome=told(K.ARM_ENDED, "outcome"),
        run_id=told(K.ARM_BEGAN, "run_id"),
        left_broken=told(K.LEFT_BROKEN, "why"),
        breakage=told(K.BREAKAGE, "why"),
        why=told(K.JUDGED, "why"),
    )
