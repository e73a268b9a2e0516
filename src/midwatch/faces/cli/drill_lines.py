"""A drill for programs: one JSON object a line."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence

from midwatch.app import drill_plan, drill_results, drilling
from midwatch.drills import decide, model, store


def faults(found: Sequence[model.Fault]) -> None:
    """The faults of a file."""
    for each in found:
        _line(dataclasses.asdict(each))


def healed(count: int) -> None:
    """How many faults of killed drills were taken out."""
    _line({"kind": "healed-left", "count": count})


def drill(found: store.Drill, tries: int, healed_: int) -> None:
    """One drill of the list."""
    _line(
        {
            **_fields(found),
            "ended_at": found.ended_at.isoformat() if found.ended_at else None,
            "outcome": found.outcome or None,
            "judged": tries,
            "healed": healed_,
        }
    )


def result(found: store.Drill, each: model.Result) -> None:
    """One rehearsal of a drill that is over."""
    _line({"drill_id": found.drill_id, **dataclasses.asdict(each)})


def _fields(found: store.Drill) -> dict[str, object]:
    return {
        "drill_id": found.drill_id,
        "started_at": found.started_at.isoformat(),
        "faults": found.faults,
        "target": found.target,
        "seed": found.seed,
        "seeds": found.seeds,
        "arms": list(found.arms),
        "planned": found.planned,
    }


def _line(fields: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Lines:
    """Prints what happens; what the probe said is in the results."""

    def __init__(self) -> None:
        self._drill_id = ""

    def began(self, drill: store.Drill, planned: drill_plan.Planned) -> None:
        """The first line names the drill."""
        del planned
        self._drill_id = drill.drill_id
        _line({"kind": "drill-began", **_fields(drill)})

    def finds_left(self, kept: store.Kept) -> None:
        """A killed drill's fault is taken out."""
        fault = kept.rehearsal.fault.id
        _line({"kind": "heals-left", "fault": fault, "began_at": kept.began.isoformat()})

    def rehearses(self, rehearsal: model.Rehearsal) -> None:
        """One is next."""
        _line({"kind": "rehearsal-began", **self._which(rehearsal), "wait": rehearsal.wait})

    def happened(self, rehearsal: model.Rehearsal, event: model.Event) -> None:
        """Something was written down."""
        _line(
            {
                "kind": event.kind.value,
                **self._which(rehearsal),
                "seconds": round(event.at, 3),
                **event.detail,
            }
        )

    def doing(self, rehearsal: model.Rehearsal, wait: decide.Wait, now: float) -> None:
        """Events only."""

    def looked(self, rehearsal: model.Rehearsal, look: model.Look) -> None:
        """Events only."""

    def judged(self, rehearsal: model.Rehearsal, result: model.Result) -> None:
        """One is over."""
        fields = dataclasses.asdict(result)
        _line({"kind": "rehearsal-ended", **self._which(rehearsal), **fields})

    def ended(self, outcome: drilling.Outcome, written: drill_results.Written) -> None:
        """The last line."""
        _line(
            {
                "kind": "drill-ended",
                "drill_id": self._drill_id,
                "exit": int(outcome.exit),
                "stopped": outcome.stopped,
                **drill_results.summary(outcome.drill, outcome.results),
                "files": [str(each) for each in written.files],
            }
        )

    def _which(self, rehearsal: model.Rehearsal) -> dict[str, object]:
        return {
            "drill_id": self._drill_id,
            "number": rehearsal.number,
            "fault": rehearsal.fault.id,
            "arm": rehearsal.arm.value,
            "seed": rehearsal.seed,
        }
