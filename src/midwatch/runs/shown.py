"""What a run showed, short enough to be read on an incident: each command and its last lines."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.base import counted
from midwatch.runs import ansi, events, state, transcript

LINES = 8
LONGEST = 6000


def of(recorded: Sequence[events.Recorded]) -> str:
    """The commands that ran, each with the end of what it printed, and what was not as expected."""
    standing = state.fold(recorded)
    told = []
    for each in recorded:
        event = each.event
        if isinstance(event, events.StepFinished):
            step = standing.plan.steps[event.step]
            told.append(f"$ {step.text.strip()}")
            told += _end(event.tail)
            if event.exit:
                told.append(f"(exit {event.exit})")
        if isinstance(event, events.Checked) and event.answer is events.Check.FAILS:
            told.append(f"({transcript.checked(event)})")
    text = "\n".join(told)
    return text if len(text) <= LONGEST else "…" + text[-LONGEST:]


def _end(output: str) -> list[str]:
    lines = ["".join(piece.text for piece in line) for line in ansi.lines(output.rstrip())]
    left = len(lines) - LINES
    return [f"… {counted.of(left, 'line')} before", *lines[-LINES:]] if left > 0 else lines
