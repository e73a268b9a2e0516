"""A rehearsal as a Chaos Toolkit journal, so that its reports can be made of it.

The shape is that of `chaos run --journal-path`: an experiment with its hypothesis, its method and
its rollbacks, and what each of their activities did.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import midwatch
from midwatch.drills import course as courses
from midwatch.drills import model, store

Fields = dict[str, Any]
K = model.Kind
STATUS = {
    model.Verdict.HEALED: "completed",
    model.Verdict.NOT_HEALED: "completed",
    model.Verdict.NOT_BROKEN: "completed",
    model.Verdict.NOT_INJECTED: "failed",
    model.Verdict.NOT_READY: "failed",
    model.Verdict.INTERRUPTED: "interrupted",
}
DEALS = {
    model.Arm.NONE: "nobody does anything",
    model.Arm.WRONG: "Midwatch runs a procedure that does not fit",
    model.Arm.PASTE: "bash runs the procedure's blocks as pasted",
    model.Arm.MIDWATCH: "Midwatch runs the procedure",
}


def journal(kept: store.Kept, node: str) -> Fields:
    """The journal of one rehearsal."""
    made = _Journal(kept)
    fault, result = kept.rehearsal.fault, kept.result
    times = [*(each.at for each in kept.events), *(each.at for each in kept.looks)]
    last = max(times, default=0.0)
    return {
        "chaoslib-version": "1.0.0",
        "platform": f"midwatch {midwatch.__version__}",
        "node": node,
        "experiment": {
            "version": "1.0.0",
            "title": f"{fault.id}: {fault.title}",
            "description": f"{DEALS[kept.rehearsal.arm]}; seed {kept.rehearsal.seed}.",
            "tags": ["midwatch", fault.id, kept.rehearsal.arm.value],
            "steady-state-hypothesis": {
                "title": "The users' view is good",
                "probes": [made.probe()],
            },
            "method": [made.inject(), made.deal()],
            "rollbacks": [made.heal()],
        },
        "start": made.moment(0.0),
        "end": made.moment(last),
        "duration": round(last, 3),
        "status": STATUS[result.verdict],
        "deviated": result.verdict is model.Verdict.NOT_HEALED,
        "steady_states": {
            "before": made.steady(made.before()),
            "after": made.steady(made.after()),
            "during": [made.steady(look) for look in made.during()],
        },
        "run": made.run(),
        "rollbacks": made.rollbacks(),
    }


class _Journal:
    """The parts of a journal, each from what is on record."""

    def __init__(self, kept: store.Kept) -> None:
        self._kept = kept
        self._course = courses.fold(kept.events)

    def moment(self, at: float) -> str:
        """A moment of the rehearsal as the toolkit writes it: UTC, without a zone."""
        began = self._kept.began.astimezone(datetime.UTC).replace(tzinfo=None)
        return (began + datetime.timedelta(seconds=at)).isoformat()

    def probe(self) -> Fields:
        """The look that must be good."""
        rehearsal = self._kept.rehearsal
        provider = _process(rehearsal.probe, rehearsal.fault.probe)
        name = f"probe {rehearsal.fault.probe}"
        return {"type": "probe", "name": name, "tolerance": True, "provider": provider}

    def inject(self) -> Fields:
        """The activity that breaks it."""
        return _action("put the fault in", self._kept.rehearsal.fault.inject)

    def deal(self) -> Fields:
        """The activity that should heal it."""
        fault, arm = self._kept.rehearsal.fault, self._kept.rehearsal.arm
        name = fault.wrong if arm is model.Arm.WRONG else fault.procedure
        command = f"midwatch run '#{name}'" if arm is not model.Arm.NONE else "true"
        return _action(DEALS[arm], command)

    def heal(self) -> Fields:
        """The activity that takes the fault out."""
        return _action("take the fault out", self._kept.rehearsal.fault.heal)

    def before(self) -> model.Look | None:
        """The last look before the fault went in."""
        at = self._course.at(K.INJECTING)
        return self._last(until=at if at is not None else float("inf"))

    def after(self) -> model.Look | None:
        """The last look before the verdict."""
        at = self._course.at(K.JUDGED)
        return self._last(until=at if at is not None else float("inf"))

    def during(self) -> Sequence[model.Look]:
        """Every look between the two."""
        begin, end = self._course.at(K.INJECTING), self._course.at(K.JUDGED)
        if begin is None or end is None:
            return ()
        return [each for each in self._kept.looks if begin < each.at <= end]

    def _last(self, until: float) -> model.Look | None:
        return next((each for each in reversed(self._kept.looks) if each.at <= until), None)

    def steady(self, look: model.Look | None) -> Fields:
        """What the hypothesis came to at one look."""
        if look is None:
            return {"steady_state_met": None, "probes": []}
        at = self.moment(look.at)
        ran = {
            "activity": self.probe(),
            "output": look.ok,
            "status": "succeeded",
            "start": at,
            "end": at,
            "duration": 0.0,
            "tolerance_met": look.ok,
        }
        return {"steady_state_met": look.ok, "probes": [ran | _why(look.why)]}

    def run(self) -> list[Fields]:
        """The method, as far as it was carried out."""
        found = [self._ran(self.inject(), K.INJECTING, K.INJECTED)]
        found.append(self._ran(self.deal(), K.ARM_BEGAN, K.ARM_ENDED))
        return [each for each in found if each]

    def rollbacks(self) -> list[Fields]:
        """The way back, where it was walked."""
        found = self._ran(self.heal(), K.HEALING, K.HEALED)
        return [found] if found else []

    def _ran(self, activity: Fields, begin: K, end: K) -> Fields:
        began = self._course.at(begin)
        if began is None:
            return {}
        ended = self._course.at(end)
        detail: Mapping[str, str | float] = self._course.details.get(end, {})
        failed = ended is None or bool(detail.get("exit"))
        return {
            "activity": activity,
            "output": dict(detail),
            "status": "failed" if failed else "succeeded",
            "start": self.moment(began),
            "end": self.moment(ended if ended is not None else began),
            "duration": round((ended or began) - began, 3),
        }


def _why(words: str) -> Fields:
    return {"exception": [words]} if words else {}


def _action(name: str, text: str) -> Fields:
    return {"type": "action", "name": name, "provider": _process(text)}


def _process(text: str, *arguments: str) -> Fields:
    return {"type": "process", "path": "bash", "arguments": ["-c", text, "bash", *arguments]}
