"""Rehearsals in virtual time, against `tests/cases/drills/verdicts.toml`."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.drills import course as courses
from midwatch.drills import decide, judging, model

CASES = Path(__file__).parents[2] / "cases" / "drills" / "verdicts.toml"
TICK = 0.25
K = model.Kind
DEFAULTS: dict[str, Any] = {
    "arm": "midwatch",
    "alert_expected": True,
    "alert_at": 10_000.0,
    "loud_until": 0.0,
    "inject_seconds": 0.0,
    "inject_exit": 0,
    "arm_seconds": 0.0,
    "after_heal": "",
    "leave_at": 10_000.0,
    "elsewhere": "",
    "elsewhere_from": 0.0,
}
LIMITS = {"stable": 1.0, "timeout": 20.0, "detect": 10.0, "injection": 30.0, "healing": 5.0,
          "ready": 10.0, "quiet": 10.0, "wait": 0.0, "reaction": 0.0}  # fmt: skip


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return found


class World:
    """A rehearsal whose every part does what the case says, at the time it says."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = {**DEFAULTS, **case}
        limits = {**LIMITS, **{key: case[key] for key in LIMITS if key in case}}
        fault = model.Fault("fault", "it breaks", "break", "mend", "pages", "mend-it",
                            alert="Down", limits=model.Limits(**limits))  # fmt: skip
        self.rehearsal = model.Rehearsal(1, fault, model.Arm(self.case["arm"]), 1, 0.0, 0.0)
        self.course = courses.Course()
        self.events: list[model.Event] = []
        self.pending: list[model.Event] = []
        self.looks = str(self.case["looks"])
        self.first = 0.0

    def run(self) -> model.Result:
        for tick in range(400):
            now = tick * TICK
            self.look(now)
            for event in [each for each in self.pending if each.at <= now]:
                self.pending.remove(event)
                self.record(event)
            if self.act(now):
                return judging.result(self.rehearsal, self.events)
        raise AssertionError(f"it does not end: {self.events}")

    def look(self, now: float) -> None:
        letter = self.looks[min(int((now - self.first) / TICK), len(self.looks) - 1)]
        if letter != ".":
            look = model.Look(now, letter == "g", "" if letter == "g" else "down")
            event = decide.noticed(self.course, look)
            self.course = self.course.seen(look)
            if event is not None:
                self.record(event)
        wanted = self.course.has(K.INJECTING) and not self.course.has(K.JUDGED)
        known = self.course.detail(K.SETTLED, "alert")
        if wanted and not known and now >= self.case["alert_at"]:
            self.record(model.Event(K.ALERT, now))

    def act(self, now: float) -> bool:  # noqa: C901  (one case for each action)
        while True:
            match decide.next_action(self.course, self.setting(now), now):
                case decide.Over():
                    return True
                case decide.Wait():
                    return False
                case decide.Record(event):
                    self.record(event)
                case decide.Inject():
                    self.record(model.Event(K.INJECTING, now))
                    detail = {"exit": self.case["inject_exit"]}
                    end = now + self.case["inject_seconds"]
                    self.later(model.Event(K.INJECTED, end, detail), now)
                case decide.Stop(why):
                    kind = K.HEALED if self.course.has(K.HEALING) else K.INJECTED
                    self.pending = [each for each in self.pending if each.kind is not kind]
                    self.record(model.Event(kind, now, {"exit": 1, "why": why}))
                case decide.BeginArm():
                    self.record(model.Event(K.ARM_BEGAN, now))
                    self.record(model.Event(K.FIRST_STEP, now))
                    end = now + self.case["arm_seconds"]
                    self.later(model.Event(K.ARM_ENDED, end, {"outcome": "succeeded"}), now)
                case decide.EndArm(why):
                    self.pending = [e for e in self.pending if e.kind is not K.ARM_ENDED]
                    self.record(model.Event(K.ARM_ENDED, now, {"outcome": f"stopped ({why})"}))
                case decide.Heal():
                    self.record(model.Event(K.HEALING, now))
                    self.record(model.Event(K.HEALED, now, {"exit": 0}))
                    if self.case["after_heal"]:
                        self.looks, self.first = self.case["after_heal"], now

    def setting(self, now: float) -> decide.Setting:
        bad = self.case["elsewhere"] if now >= self.case["elsewhere_from"] else ""
        return decide.Setting(
            rehearsal=self.rehearsal,
            alert_expected=self.case["alert_expected"],
            quiet=now >= self.case["loud_until"],
            bad_elsewhere=bad,
            leaving=now >= self.case["leave_at"],
        )

    def later(self, event: model.Event, now: float) -> None:
        if event.at <= now:
            self.record(event)
        else:
            self.pending.append(event)

    def record(self, event: model.Event) -> None:
        if not self.course.has(event.kind):
            self.events.append(event)
            self.course = self.course.after(event)


@pytest.mark.parametrize("case", cases(), ids=[each["name"] for each in cases()])
def test_a_rehearsal_is_judged_by_the_probe_and_the_fault_is_taken_out(
    case: dict[str, Any],
) -> None:
    world = World(case)

    result = world.run()

    fields = dataclasses.asdict(result)
    fields["stable_at"] = fields.pop("stable")
    for key in fields.keys() & case.keys() - {"arm"}:
        assert fields[key] == case[key], (key, world.events)
    kinds = [each.kind.value for each in world.events]
    if "events" in case:
        assert kinds == case["events"]
    if "by" in case:
        assert world.course.detail(K.DETECTED, "by") == case["by"]
    assert set(case.get("has", ())) <= set(kinds)
    assert not set(case.get("has_not", ())) & set(kinds)


@pytest.mark.parametrize("case", cases(), ids=[each["name"] for each in cases()])
def test_what_was_put_in_is_always_taken_out_and_looked_at(case: dict[str, Any]) -> None:
    world = World(case)

    world.run()

    kinds = {each.kind for each in world.events}
    assert (K.INJECTING in kinds) == (K.HEALING in kinds)
    assert (K.INJECTING in kinds) == bool(kinds & {K.WHOLE, K.LEFT_BROKEN})
