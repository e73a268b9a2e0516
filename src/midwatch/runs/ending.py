"""How a run ends whose steps are all over: well, unless something did not hold in the end."""

from __future__ import annotations

from midwatch.runs import events, model, verifying
from midwatch.runs import state as states


def of(state: states.State) -> events.Finished:
    """The end of a run with nothing left to carry out."""
    broken = [each.checked for each in state.steps.values() if _is_broken(state, each)]
    if broken:
        told = "; ".join(f"expected {each.expected}, got {each.got}" for each in broken if each)
        return events.Finished(model.Outcome.FAILED, f"not verified: {told}")
    return events.Finished(model.Outcome.SUCCEEDED, _how_it_went(state))


def _is_broken(state: states.State, standing: states.StepState) -> bool:
    """Whether what was expected did not hold, whatever was said of the step afterwards."""
    checked = standing.checked
    if checked is None or checked.answer is not events.Check.FAILS:
        return False
    return verifying.counts(state.plan.steps[checked.step])


def _how_it_went(state: states.State) -> str:
    left = sum(1 for step in state.steps.values() if step.status is states.Status.LEFT)
    told = [f"{left} left to do by a person"] if left else []
    checks = [step.checked.answer for step in state.steps.values() if step.checked is not None]
    missed = checks.count(events.Check.LEFT)
    return ", ".join(told + ([f"{missed} not checked"] if missed else []))
