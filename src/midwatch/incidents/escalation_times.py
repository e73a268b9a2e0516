"""What the time in a row of an escalation table means, and when each row is told."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import re
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.checks import durations
from midwatch.runbook import model as runbooks

RESPONSE = lazy.pattern(r"\brespon|\bwithin\b|\bsla\b|\back", re.IGNORECASE)
UNANSWERED = lazy.pattern(
    r"\bno\s+(?:response|answer|ack)|\bnot\s+(?:yet\s+)?(?:resolved|acknowledged|answered|fixed)|"
    r"\bun(?:resolved|acknowledged|answered|available|reachable)|\bstill\b|\bpersist|\bfails?\b",
    re.IGNORECASE,
)
BEGINNING = lazy.pattern(r"\bafter\b|>|\+|\bat\b|\bfrom\b|\blater\b|\bif\b", re.IGNORECASE)
AT_ONCE = lazy.pattern(
    r"\bimmediate|\bat once\b|\bnow\b|^\s*0\s*(?:m|min|minutes?)?\s*$", re.IGNORECASE
)
ASIDE = lazy.pattern(r"\(([^()]*)\)\s*$")
LONGEST = 30 * 86400.0
CONDITION = lazy.pattern(r"\b(?:if|when|for|any|only|major|critical)\b", re.IGNORECASE)


class When(enum.Enum):
    """What a time is."""

    BEGINS = "begins"
    """The level is told then."""
    ANSWERS = "answers"
    """The level has that long to answer; then the next one is told."""
    PLAIN = "plain"
    """A bare length of time: the other rows decide what it is."""
    CONDITION = "condition"
    """No time at all: somebody has to judge it."""
    UNSAID = "unsaid"


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, its time understood."""

    level: runbooks.EscalationLevel
    when: When
    length: datetime.timedelta = datetime.timedelta()


def row(level: runbooks.EscalationLevel) -> Row:
    """The row, with what its time means by itself."""
    aside = ASIDE.search(level.who)
    after = level.after.strip() or (aside[1].strip() if aside else "")
    span = durations.span(after)
    if span is None or not span.high:
        return Row(level, _without_length(after))
    if RESPONSE.search(after) and not UNANSWERED.search(after):
        return Row(level, When.ANSWERS, _length(span.high))
    begins = span.low != span.high or BEGINNING.search(after) or UNANSWERED.search(after)
    return Row(level, When.BEGINS if begins else When.PLAIN, _length(span.low))


def _length(seconds: float) -> datetime.timedelta:
    return datetime.timedelta(seconds=min(seconds, LONGEST))


def _without_length(after: str) -> When:
    if not after or UNANSWERED.search(after):
        return When.UNSAID
    if AT_ONCE.search(after) and not CONDITION.search(after):
        return When.BEGINS
    return When.CONDITION


def beginnings(rows: Sequence[Row], otherwise: datetime.timedelta) -> list[datetime.timedelta]:
    """When each row is told, never before the one above it; `otherwise` where nothing is said.

    Where the rows say how long somebody has to answer, the first is told at once and each other one
    when the time of the one above it is over.
    """
    answers = any(each.when is When.ANSWERS for each in rows)
    bare = answers or (rows[0].when is When.PLAIN and len(rows) > 1)
    found: list[datetime.timedelta] = []
    following = datetime.timedelta()
    for each in rows:
        responds = each.when is When.ANSWERS or (each.when is When.PLAIN and bare)
        said = each.when in {When.BEGINS, When.PLAIN} and not responds
        earliest = found[-1] if found else datetime.timedelta()
        begins = max(each.length, earliest) if said else following
        found.append(begins)
        following = begins + (each.length if responds else otherwise)
    return found
