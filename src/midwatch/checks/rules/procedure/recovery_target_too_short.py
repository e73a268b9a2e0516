"""A recovery target that the procedure's own waits exceed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import durations, model
from midwatch.runbook import model as runbooks

SLEEP = lazy.pattern(r"\bsleep\s+(?P<time>\d+(?:\.\d+)?[smhd]?)\b")
TAKES = lazy.pattern(
    r"\((?:(?:this )?takes |about |ca\. |approx\. |approximately |~ ?|≈ ?)"
    r"\d[\d.\u2013-]* ?(?:s|sec\w*|min\w*|h|hours?)\b\.?\)"
    r"|\b(?:takes?|needs?|lasts?) (?:about |around |approximately |up to |~ ?)?"
    r"\d[\d.\u2013-]* ?(?:sec\w*|min\w*|hours?)\b",
    re.IGNORECASE,
)
"""How long a step takes, in its own words."""
WAIT = lazy.pattern(r"\b(?:wait|monitor|watch|observe)\b[^.\n]{0,40}", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A procedure whose waits alone are longer than the time it promises."""
    for procedure in subject.runbook.procedures:
        if procedure.recovery_target is None:
            continue
        promised = durations.span(procedure.recovery_target)
        needed = sum(length(step) for step in procedure.steps) + announced(procedure)
        if promised is not None and needed > promised.high:
            line = next(
                (
                    n
                    for n in range(procedure.line, procedure.end_line + 1)
                    if procedure.recovery_target in subject.line(n)
                ),
                procedure.line,
            )
            yield model.Hit(
                line,
                f"“{procedure.title}” promises {durations.words(promised.high)}, and its own "
                f"steps take {durations.words(needed)}.",
            )


def length(step: runbooks.Step) -> float:
    """How many seconds a step says it waits."""
    if step.choice is not None:
        return 0
    times = [found["time"] for found in SLEEP.finditer(step.text)]
    slept = sum(durations.seconds(time) or number(time) for time in times)
    if step.kind in {runbooks.Kind.WAIT, runbooks.Kind.MANUAL} and not slept:
        said = WAIT.search(step.text) or TAKES.search(step.text)
        span = durations.span(said[0]) if said else None
        return span.low if span else 0
    return slept


def announced(procedure: runbooks.Procedure) -> float:
    """How many seconds the titles above commands say that these take."""
    titles = dict.fromkeys(s.title for s in procedure.steps if s.fence_line and s.choice is None)
    spans = [durations.span(said[0]) for title in titles if (said := TAKES.search(title))]
    return sum(span.low for span in spans if span is not None)


def number(text: str) -> float:
    """A bare number of seconds, as `sleep 60` has it."""
    return float(text) if text.replace(".", "", 1).isdigit() else 0


RULE = model.Rule(
    id="procedure/recovery-target-too-short",
    severity=model.Severity.WARNING,
    summary="A recovery target shorter than the procedure's own waits.",
    why="The promise to customers is broken by following the page, and the next level is called "
    "too late.",
    fix="Raise the target, or find a way that waits less.",
    example=model.Example(
        bad="**Recovery time**: 5 minutes\n\n```bash\nsleep 600\n```\n",
        good="**Recovery time**: 15 minutes\n\n```bash\nsleep 600\n```\n",
    ),
    check=check,
)
