"""Checks of what a step showed: compared when it ended, tried again until it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from midwatch.engine import local_steps
from midwatch.runs import decide, events, model, verifying

if TYPE_CHECKING:
    from midwatch.engine import local

MOST = 1 << 20
"""Bytes of the end of an output that are compared."""
SLICE = 0.25
"""How long to wait before somebody who wants to leave is heard."""
ANSWERS = {
    verifying.Holds: events.Check.HOLDS,
    verifying.Fails: events.Check.FAILS,
    verifying.NotCheckable: events.Check.OPEN,
}


def check(run: local.Run, step: model.PlannedStep, attempt: int) -> events.Checked:
    """Compare what the attempt printed with what the document expects."""
    finished, waited = _ended(run, step, attempt)
    printed = _printed(run, step, attempt, finished)
    shown = finished.verdict is events.Verdict.WINDOW  # it was stopped by us, which says nothing
    if step.reveals:
        expected = "; ".join(step.expected)
        return events.Checked(step.index, attempt, events.Check.OPEN, expected, waited=waited)
    found = verifying.decide(step, 0 if shown else finished.exit, printed)
    if found is None:
        return events.Checked(step.index, attempt, events.Check.HOLDS, waited=waited)
    got = found.got if isinstance(found, verifying.Fails) else ""
    mask = run.world.masker.text
    return events.Checked(
        step.index, attempt, ANSWERS[type(found)], mask(found.expected), mask(got), waited
    )


def _ended(
    run: local.Run, step: model.PlannedStep, attempt: int
) -> tuple[events.StepFinished, float]:
    """How the attempt ended, and the seconds since it was first tried."""
    since = last = run.world.clock.now()
    ended: events.StepFinished | None = None
    fresh = True
    for each in run.recent:
        match each.event:
            case events.StepStarted(step.index) if fresh:
                since, fresh = each.at, False
            case events.StepFinished(step.index, tried) if tried == attempt:
                ended, last = each.event, each.at
            case events.Resumed():
                fresh = True
            case events.FailureSettled(step.index):
                fresh = True
    if ended is None:
        raise LookupError(f"attempt {attempt} at step {step.index} has no result")
    return ended, max((last - since).total_seconds(), 0.0)


def _printed(
    run: local.Run, step: model.PlannedStep, attempt: int, finished: events.StepFinished
) -> str:
    """All that it printed, where that is still there, or else the end of it."""
    path = local_steps.attempt_of(run, step, attempt).output
    try:
        with path.open("rb") as file:
            file.seek(max(finished.size - MOST, 0))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return finished.tail


def again(run: local.Run, wanted: decide.Repeat) -> events.Event | None:
    """Wait, then carry the step out once more; None where somebody wants something else first."""
    ticks = run.world.clock
    until = ticks.monotonic() + wanted.seconds
    while ticks.monotonic() < until:
        if not run.awake():
            return None
        run.world.listener.printed(b"")
        ticks.sleep(min(SLICE, max(until - ticks.monotonic(), 0.0)))
    return local_steps.carry_out(run, wanted.step, wanted.attempt, wanted.allowed)
