"""What of a procedure may run before anybody is awake: reads that find out what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runs import plan

NEVER = frozenset({commands.Trait.INTERACTIVE, commands.Trait.REVEALS_SECRET})
RUNNABLE = frozenset(
    {
        runbooks.Kind.SHELL,
        runbooks.Kind.SQL,
        runbooks.Kind.PROMQL,
        runbooks.Kind.HTTP,
        runbooks.Kind.SCRIPT,
    }
)


@dataclasses.dataclass(frozen=True, slots=True)
class Diagnosis:
    """What runs at once, and what was left for a person, each with why."""

    procedure: runbooks.Procedure
    left: tuple[tuple[int, str], ...]
    """Line and reason of each diagnostic step that does not run by itself."""


def of(procedure: runbooks.Procedure, known: Collection[str]) -> Diagnosis | None:
    """The reads of a procedure with the inputs that are known; None where there is none.

    Conditions and choices are dropped: a read may be carried out whether or not it is needed.
    """
    taken: list[runbooks.Step] = []
    left: list[tuple[int, str]] = []
    missing: set[str] = set()
    for step in _diagnostic(procedure):
        why = _why_not(step, known, missing)
        if why:
            left.append((step.line, why))
            missing |= step.sets
        else:
            taken.append(dataclasses.replace(step, condition=None, choice=None, option=None))
    if not any(step.kind is not runbooks.Kind.SCRIPT for step in taken):
        return None
    return Diagnosis(dataclasses.replace(procedure, steps=tuple(taken)), tuple(left))


def looking(procedure: runbooks.Procedure, known: Collection[str]) -> Diagnosis:
    """A procedure as a look: each step verifies, and what a person is needed for stands in `left`.

    Nobody is there to say which way is taken, or whether an “if” holds.
    """
    taken, left = [], []
    for step in plan.steps_of(procedure):
        why = _why_not(step, known, set()) or _depends(step)
        if why:
            left.append((step.line, why))
        else:
            taken.append(dataclasses.replace(step, phase=runbooks.Phase.VERIFY))
    if not left and all(step.kind is runbooks.Kind.SCRIPT for step in taken):
        left.append((procedure.line, "it has no step that reads"))
    return Diagnosis(dataclasses.replace(procedure, steps=tuple(taken)), tuple(left))


def _depends(step: runbooks.Step) -> str:
    if step.choice is not None:
        return "it is one of several ways"
    return f"a person says whether “{step.condition}”" if step.condition is not None else ""


def _diagnostic(procedure: runbooks.Procedure) -> list[runbooks.Step]:
    """The steps of the diagnosis; where none is called so, what reads before anything changes."""
    called = [
        step
        for step in procedure.steps
        if step.phase is runbooks.Phase.DIAGNOSE or step.kind is runbooks.Kind.SCRIPT
    ]
    if any(step.kind is not runbooks.Kind.SCRIPT for step in called):
        return called
    before = []
    for step in procedure.steps:
        acts = step.kind in RUNNABLE and step.kind is not runbooks.Kind.SCRIPT
        if acts and step.effect is not commands.Effect.READ:
            break
        before.append(step)
    return before


def _why_not(step: runbooks.Step, known: Collection[str], missing: set[str]) -> str:
    """Why the step does not run by itself; empty where it does."""
    if step.kind is runbooks.Kind.SCRIPT:
        return ""
    if step.kind not in RUNNABLE or step.context is not None:
        return "it is for a person"
    if step.effect is not commands.Effect.READ:
        return f"it is no read but {step.effect.value}"
    if step.traits & NEVER:
        return "it is " + ", ".join(sorted(trait.value for trait in step.traits & NEVER))
    unknown = [each.name for each in step.inputs if each.name not in known and each.default is None]
    if unknown:
        return "nobody said what " + ", ".join(unknown) + " is"
    if step.uses & missing:
        return "it needs what an earlier step would have set"
    return ""
