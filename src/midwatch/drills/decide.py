"""What a rehearsal does next: its course, the setting and the time in, one named action out."""

from __future__ import annotations

import dataclasses
from typing import TypeAlias

from midwatch.drills import course as courses
from midwatch.drills import judging, model

ELSEWHERE = 20.0
"""So long the other kinds of looks may take to be good again once this one is."""


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """What a rehearsal is, and what is known of the world beside its own probe."""

    rehearsal: model.Rehearsal
    alert_expected: bool = False
    """Somebody can be asked whether the fault's alert fires."""
    quiet: bool = True
    """That alert does not fire at this moment."""
    bad_elsewhere: str = ""
    """Another kind of look that is bad at this moment, and why."""
    leaving: bool = False
    """A person asked to leave."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do but to look on; what for, and since when."""

    doing: str
    since: float


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """Nothing to do but to write this down."""

    event: model.Event


@dataclasses.dataclass(frozen=True, slots=True)
class Inject:
    """Put the fault in."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """End the command that runs: it took too long, or a person leaves."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class BeginArm:
    """Let whoever deals with the fault begin."""


@dataclasses.dataclass(frozen=True, slots=True)
class EndArm:
    """Ask whoever deals with the fault to stop."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Heal:
    """Take the fault out by its own sure way back."""


@dataclasses.dataclass(frozen=True, slots=True)
class Over:
    """The rehearsal is over."""


Action: TypeAlias = Wait | Record | Inject | Stop | BeginArm | EndArm | Heal | Over
K = model.Kind


def noticed(course: courses.Course, look: model.Look) -> model.Event | None:
    """What a look says for the first time."""
    if look.ok or not course.has(K.INJECTING) or course.has(K.FIRST_BAD) or course.has(K.JUDGED):
        return None
    return model.Event(K.FIRST_BAD, look.at, {"why": look.why})


def next_action(course: courses.Course, setting: Setting, now: float) -> Action:
    """The one thing to do now."""
    if course.has(K.JUDGED):
        return _afterwards(course, setting, now)
    if setting.leaving:
        return _leave(course, now)
    if not course.has(K.SETTLED):
        return _settle(course, setting, now)
    limits, rehearsal = setting.rehearsal.fault.limits, setting.rehearsal
    settled = course.times[K.SETTLED]
    if not course.has(K.INJECTING):
        ripe = now >= settled + rehearsal.wait
        return Inject() if ripe else Wait("all is well; it is left so for a moment", settled)
    if not course.has(K.INJECTED):
        began = course.times[K.INJECTING]
        if now > began + limits.injection:
            return Stop(f"the injection took longer than {limits.injection:g} s")
        return Wait("putting the fault in", began)
    if course.detail(K.INJECTED, "exit"):
        why = str(course.detail(K.INJECTED, "why") or "the injection failed")
        return _judge(now, model.Verdict.NOT_INJECTED, why)
    return _watch(course, setting, now)


def _judge(now: float, verdict: model.Verdict, why: str = "") -> Record:
    return Record(model.Event(K.JUDGED, now, {"verdict": verdict, "why": why}))


def _settle(course: courses.Course, setting: Setting, now: float) -> Action:
    """The probe must be good for a while, and the alert of an earlier fault silent."""
    limits = setting.rehearsal.fault.limits
    good = course.good_for(now) >= limits.stable and not setting.bad_elsewhere
    if good and setting.quiet:
        return Record(model.Event(K.SETTLED, now))
    if good and now > limits.quiet:
        return Record(model.Event(K.SETTLED, now, {"alert": "was firing already"}))
    if not good and now > max(limits.ready, limits.stable):
        return _judge(now, model.Verdict.NOT_READY, _complaint(course, setting))
    if good:
        return Wait(f"waiting for {setting.rehearsal.fault.alert} to stop firing", 0.0)
    return Wait("waiting for the service to be well", 0.0)


def _complaint(course: courses.Course, setting: Setting) -> str:
    if course.last is None:
        return "the probe says nothing"
    if not course.last.ok:
        return course.last.why or "the probe is bad"
    return setting.bad_elsewhere or "the probe was not good for long enough"


def _leave(course: courses.Course, now: float) -> Action:
    if course.has(K.INJECTING) and not course.has(K.INJECTED):
        return Stop("a person asked to leave")
    if course.has(K.ARM_BEGAN) and not course.has(K.ARM_ENDED):
        return EndArm("a person asked to leave")
    return _judge(now, model.Verdict.INTERRUPTED, "a person asked to leave")


def _watch(course: courses.Course, setting: Setting, now: float) -> Action:
    """It is broken, or should be: until it is well again, or time is out."""
    rehearsal = setting.rehearsal
    if now >= judging.deadline(course, rehearsal.fault.limits):
        return _time_is_out(course, setting, now)
    if not course.has(K.DETECTED):
        return _detect(course, setting, now)
    if rehearsal.arm is model.Arm.NONE:
        return _end(course, setting, now) or Wait("nobody does anything", course.times[K.DETECTED])
    if not course.has(K.ARM_BEGAN):
        detected = course.times[K.DETECTED]
        ripe = now >= detected + rehearsal.reaction
        return BeginArm() if ripe else Wait("somebody is on the way", detected)
    if not course.has(K.ARM_ENDED):
        return Wait(f"{WORKING[rehearsal.arm]}", course.times[K.ARM_BEGAN])
    since = course.times[K.ARM_ENDED]
    return _end(course, setting, now) or Wait("waiting for the service to stay well", since)


WORKING = {
    model.Arm.MIDWATCH: "Midwatch runs the procedure",
    model.Arm.WRONG: "Midwatch runs the wrong procedure",
    model.Arm.PASTE: "bash runs the pasted blocks",
}


def _time_is_out(course: courses.Course, setting: Setting, now: float) -> Action:
    if course.has(K.ARM_BEGAN) and not course.has(K.ARM_ENDED):
        return EndArm("time is out")
    limits = setting.rehearsal.fault.limits
    if not course.has(K.FIRST_BAD):
        return _judge(now, model.Verdict.NOT_BROKEN, "the probe was never bad")
    found = judging.healed(course, limits)
    if found is not None:
        return _well(course, setting, now, found)
    if not course.has(K.TIMED_OUT):
        return Record(model.Event(K.TIMED_OUT, judging.deadline(course, limits)))
    last = course.last
    why = last.why if last is not None and not last.ok else "it was not good for long enough"
    return _judge(now, model.Verdict.NOT_HEALED, why)


def _detect(course: courses.Course, setting: Setting, now: float) -> Action:
    """An alert calls somebody; without one, the first user who complains does."""
    rehearsal, limits = setting.rehearsal, setting.rehearsal.fault.limits
    expected = setting.alert_expected and not course.detail(K.SETTLED, "alert")
    injected = course.times[K.INJECTED]
    if course.has(K.FIRST_BAD):
        if not expected or course.has(K.ALERT):
            by = "alert" if expected else "probe"
            known = (course.at(K.ALERT) if expected else None) or 0.0
            at = max(known, course.times[K.FIRST_BAD])
            return Record(model.Event(K.DETECTED, at, {"by": by}))
        nobody_acts = rehearsal.arm is model.Arm.NONE
        late = now >= injected + limits.detect
        if (late or nobody_acts) and (end := _end(course, setting, now)) is not None:
            return end
        if late:
            return Record(model.Event(K.DETECTED, now, {"by": "nobody"}))
        return Wait(f"waiting for the alert {rehearsal.fault.alert}", injected)
    if now >= injected + limits.detect:
        return _judge(now, model.Verdict.NOT_BROKEN, "the probe was never bad")
    return Wait("waiting for the users to see it", injected)


def _end(course: courses.Course, setting: Setting, now: float) -> Action | None:
    """The end, where it has been well for long enough."""
    found = judging.healed(course, setting.rehearsal.fault.limits)
    return None if found is None else _well(course, setting, now, found)


def _well(course: courses.Course, setting: Setting, now: float, found: judging.Healed) -> Action:
    if setting.bad_elsewhere and not course.has(K.BREAKAGE):
        if now < found.stable + ELSEWHERE:
            return Wait(f"waiting for the rest to be well: {setting.bad_elsewhere}", found.stable)
        return Record(model.Event(K.BREAKAGE, now, {"why": setting.bad_elsewhere}))
    if not course.has(K.RECOVERED):
        return Record(model.Event(K.RECOVERED, found.recovered))
    if not course.has(K.STABLE):
        return Record(model.Event(K.STABLE, found.stable))
    return _judge(now, model.Verdict.HEALED)


def _afterwards(course: courses.Course, setting: Setting, now: float) -> Action:
    """Whatever came of it: the fault is taken out, and the service must be well."""
    limits = setting.rehearsal.fault.limits
    if not course.has(K.INJECTING) or course.has(K.WHOLE) or course.has(K.LEFT_BROKEN):
        return Over()
    if not course.has(K.HEALING):
        return Heal()
    began = course.times[K.HEALING]
    if not course.has(K.HEALED):
        if now > began + limits.healing:
            return Stop(f"the way back took longer than {limits.healing:g} s")
        return Wait("taking the fault out", began)
    healed = course.times[K.HEALED]
    good = min(course.good_for(now), now - healed) >= limits.stable
    if good and not setting.bad_elsewhere:
        return Record(model.Event(K.WHOLE, now))
    if now > healed + limits.ready:
        why = _complaint(course, setting)
        return Record(model.Event(K.LEFT_BROKEN, now, {"why": why}))
    return Wait("waiting for the service to be well again", healed)
