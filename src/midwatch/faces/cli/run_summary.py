"""The end of a run, in the words a tired person wants."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from rich import console, text

from midwatch.base import counted, errors
from midwatch.runs import model, state, undoing

STYLES = {
    model.Outcome.SUCCEEDED: "bold green",
    model.Outcome.FAILED: "bold red",
    model.Outcome.STOPPED: "bold yellow",
    model.Outcome.IN_DOUBT: "bold magenta",
    model.Outcome.WAITING: "bold yellow",
    model.Outcome.INTERRUPTED: "bold yellow",
    model.Outcome.RUNNING: "bold",
}
CODES = {
    model.Outcome.SUCCEEDED: errors.Exit.OK,
    model.Outcome.FAILED: errors.Exit.FAILED,
    model.Outcome.STOPPED: errors.Exit.INTERRUPTED,
    model.Outcome.IN_DOUBT: errors.Exit.WAITING,
    model.Outcome.WAITING: errors.Exit.WAITING,
    model.Outcome.INTERRUPTED: errors.Exit.INTERRUPTED,
    model.Outcome.RUNNING: errors.Exit.FAILED,
}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)", re.IGNORECASE)


def show(
    screen: console.Console, run_id: str, standing: state.State, took: datetime.timedelta
) -> None:
    """Print the summary."""
    screen.print()
    for line in _lines(run_id, standing, took):
        screen.print(line, soft_wrap=True)


def _lines(run_id: str, standing: state.State, took: datetime.timedelta) -> Iterator[text.Text]:
    plan, outcome = standing.plan, standing.outcome
    line = text.Text(str(outcome), style=STYLES[outcome])
    yield line.append(f"  {plan.title} on {plan.target}", style="default")
    if standing.finished is not None and standing.finished.reason:
        yield text.Text(f"  {standing.finished.reason}")
    if standing.handed_over is not None:
        by, note = standing.handed_over.by, standing.handed_over.note or "without a note"
        yield text.Text(f"  handed over by {by}: {note}", style="bold")
    yield text.Text(f"  {_counts(standing)}, {_duration(took)}{_target(plan, took)}")
    for broken in standing.broken:
        who, title = broken.by or "somebody", plan.steps[broken.step].title
        told = (
            f"  GLASS BROKEN by {who}: {broken.reason} ({title}; instead of: {broken.instead_of})"
        )
        yield text.Text(told, style="bold red")
    for step in plan.steps:
        at = standing.step(step.index)
        if at.status in WORTH_TELLING and not at.reason.startswith(IMPLIED):
            told = f"  {at.status:<9} line {step.line} {step.title}"
            yield text.Text(told + (f": {at.reason}" if at.reason else ""), style="dim")
    yield text.Text(f"  transcript   midwatch transcript {run_id}")
    if outcome is not model.Outcome.SUCCEEDED:
        yield text.Text(f"  go on        midwatch resume {run_id}")
    if undoing.changed(standing) and outcome is not model.Outcome.SUCCEEDED:
        yield text.Text(f"  take back    midwatch undo {run_id}")
    if plan.undo_steps and outcome is not model.Outcome.SUCCEEDED:
        yield text.Text(
            f"  the way back has {counted.of(len(plan.undo_steps), 'step')} in the runbook"
        )


IMPLIED = ("the other way was taken", "not so:")
"""Left out for what a person answered: they know."""
WORTH_TELLING = frozenset(
    {
        state.Status.SKIPPED,
        state.Status.LEFT,
        state.Status.FAILED,
        state.Status.REFUSED,
        state.Status.IN_DOUBT,
        state.Status.STARTED,
    }
)


def _counts(standing: state.State) -> str:
    statuses = [standing.step(step.index).status for step in standing.plan.steps]
    counts = {status: statuses.count(status) for status in state.Status if status in statuses}
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{counted.of(len(statuses), 'step')}: {told}"


def _duration(took: datetime.timedelta) -> str:
    seconds = took.total_seconds()
    return (
        f"{seconds:.1f} s"
        if seconds < UNITS["m"]
        else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    )


def _target(plan: model.Plan, took: datetime.timedelta) -> str:
    """Beside the time the document gives itself, where it can be read."""
    if not plan.recovery_target:
        return ""
    found = [
        float(number) * UNITS[unit.lower()]
        for number, unit in DURATION.findall(plan.recovery_target)
    ]
    word = ""
    if found:
        word = "within " if took.total_seconds() <= max(found) else "over "
    return f" ({word}the recovery target of {plan.recovery_target})"
