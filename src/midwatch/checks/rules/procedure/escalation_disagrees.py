"""Escalation timers that contradict each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.checks import durations, facts, model
from midwatch.runbook import model as runbooks

ESCALATE = lazy.pattern(
    r"\bescalat\w*\b[^.\n]{0,40}?\b(?:in|within|after|for|>)\s*(?P<after>\d+\s*\w+)"
    r"|(?:>|more than|longer than|after|within)\s*(?P<before>\d+\s*\w+)[^.\n]{0,20}\bescalat",
    re.IGNORECASE,
)
ALMOST = 30


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Levels out of order, and sentences that escalate at another time than the levels do."""
    levels = [level for level in subject.runbook.escalation if level.level]
    yield from disorder(levels)
    second = start_of_second(levels)
    if second is None:
        return
    rows = {level.line for level in levels}
    for number, line in facts.prose(subject):
        said = ESCALATE.search(line)
        time = durations.seconds(said["after"] or said["before"]) if said else None
        if number in rows or time is None or said is None:
            continue
        if abs(time - second[1]) > ALMOST:
            yield model.Hit(
                number,
                f"Escalate after {durations.words(time)} here; line {second[0]} begins the second "
                f"level at {durations.words(second[1])}.",
                column=said.start() + 1,
                end_column=said.end() + 1,
            )


def start_of_second(levels: Sequence[runbooks.EscalationLevel]) -> tuple[int, float] | None:
    """The line of the second level and when it begins; a time to respond in is not a beginning."""
    if len(levels) < 2 or re.search(r"respon|within|sla", levels[1].after, re.IGNORECASE):  # noqa: PLR2004
        return None
    span = durations.span(levels[1].after)
    return None if span is None else (levels[1].line, span.low)


def disorder(levels: Sequence[runbooks.EscalationLevel]) -> Iterator[model.Hit]:
    """Levels of which a later one begins before an earlier one is over."""
    for earlier, later in itertools.pairwise(levels):
        before, after = durations.span(earlier.after), durations.span(later.after)
        ranged = before is not None and before.low != before.high
        if before is not None and after is not None and ranged and after.low < before.high:
            yield model.Hit(
                later.line,
                f"{later.level} begins at {durations.words(after.low)}, before {earlier.level} "
                f"ends at {durations.words(before.high)}.",
            )


RULE = model.Rule(
    id="procedure/escalation-disagrees",
    severity=model.Severity.WARNING,
    summary="Escalation times that contradict each other.",
    why="The second level is woken too early by one reader and too late by the next.",
    fix="Give one table of times and refer to it.",
    example=model.Example(
        bad="Escalate if not resolved in 5 minutes.\n\n## Escalation\n\n"
        "1. Level 1: On-call (0-15 minutes)\n2. Level 2: Lead (15-30 minutes)\n",
        good="Escalate if not resolved in 5 minutes.\n\n## Escalation\n\n"
        "1. Level 1: On-call (0-5 minutes)\n2. Level 2: Lead (5-30 minutes)\n",
    ),
    check=check,
    doubt="One failure may escalate faster than the others; say so there.",
)
