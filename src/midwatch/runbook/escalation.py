"""Who is called next, and when: matrices, tables, and sentences with a time in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.runbook import (
    composing,
    conditions,
    inline,
    model,
    passages,
    placing,
    tables,
    vocabulary,
)

LEVEL = lazy.pattern(
    r"(?P<level>(?:level|tier|l|step|stage)\s*[-#]?\s*\d+|primary|secondary|tertiary|first|second|third|final)(?:\s+(?:line|escalation|contact|on-?call))?\b\s*(?:\((?P<early>[^()]*)\))?\s*[:\u2013\u2014-]\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
WHEN = lazy.pattern(
    r"\(?\b(?P<after>(?:(?:after|within|in|at|over|>|\+)\s*)?\d+(?:\s*[-\u2013]\s*\d+|\+)?\s*(?:s|m|h|min|mins|minutes?|hours?|hrs?|days?)\b(?:\s+response)?\+?|immediately|immediate)\)?",
    re.IGNORECASE,
)
TIMED = lazy.pattern(
    r"(?P<after>(?:after\s+|within\s+|[<>+]\s*)?\d+[^:]{0,30}?)\s*[:\u2013\u2014]\s+(?P<who>\S.*)$",
    re.IGNORECASE,
)
ESCALATE = lazy.pattern(
    r"\b(?:escalate|page|call)\b(?:\s+\w+ly)?(?:\s+(?:to|the))*\s*(?P<who>[^,.;()]*?)(?=\s+(?:if|when|after|unless|within|immediately)\b|[,.;()]|$)",
    re.IGNORECASE,
)

LINKED = lazy.pattern(r"\[[^\]]*\]\([^)]*\)")
"""Nothing but a link, as in a table of contents."""


def find(composed: Sequence[composing.Composed]) -> list[model.EscalationLevel]:
    """Every step of escalation, in the document's order."""
    found: list[model.EscalationLevel] = []
    for each in composed:
        for placed in each.placed:
            found.extend(_placed(each, placed))
    return sorted(found, key=lambda level: level.line)


def _placed(
    composed: composing.Composed, placed: placing.Placed
) -> Iterator[model.EscalationLevel]:
    escalating = _escalating(composed, placed)
    if placed.passage.shape is passages.Shape.TABLE:
        yield from _table(placed, escalating=escalating)
        return
    told = placed.passage.text.strip()
    if placed.passage.shape is not passages.Shape.PARAGRAPH or LINKED.fullmatch(told):
        return
    text = inline.plain(placed.passage.text)
    line = placed.passage.line
    match = LEVEL.match(text) if escalating else None
    timed = TIMED.match(text) if escalating else None
    if match:
        yield _level(line, match)
        return
    if timed:
        yield model.EscalationLevel(line, "", timed.group("who"), timed.group("after").strip())
        return
    spoken = conditions.read(text)
    said = ESCALATE.search(spoken.action if spoken else "")
    if spoken is not None and said and said.group().lower().startswith("escalate"):
        after = f"if {spoken.condition}"
        yield model.EscalationLevel(line, "", said.group("who").strip(), after)
    elif (
        placed.lead is not None
        and placed.lead.role is vocabulary.Role.ESCALATION
        and placed.lead.rest
    ):
        rest = inline.plain(placed.lead.rest)
        if "@" not in rest or " " in rest:
            when = WHEN.search(rest)
            asked = conditions.read(rest)
            after = f"if {asked.condition}" if asked else (when.group("after") if when else "")
            yield model.EscalationLevel(
                line, "", asked.action if asked and asked.action else rest, after
            )
    elif escalating and placed.passage.head and placed.lead is None:
        when = WHEN.search(text)
        after = f"if {spoken.condition}" if spoken else (when.group("after") if when else "")
        yield model.EscalationLevel(
            line, "", spoken.action if spoken and spoken.action else text, after
        )


def _escalating(composed: composing.Composed, placed: placing.Placed) -> bool:
    if placed.role is vocabulary.Role.ESCALATION or "escalation" in placed.group.lower():
        return True
    titles = (placed.section, *composed.outline.section.path[-1:])
    return any("escalat" in title.lower() for title in titles)


def _level(line: int, match: re.Match[str]) -> model.EscalationLevel:
    rest = match.group("rest").strip()
    when = next(reversed(list(WHEN.finditer(match.group("early") or rest))), None)
    after = when.group("after") if when else (match.group("early") or "")
    aside = re.search(r"\s*\((?P<inner>[^()]*)\)\s*$", rest)
    who = rest[: aside.start()] if aside and WHEN.search(aside.group("inner")) else rest
    if aside and not when:
        after = ""
    elif aside and when and not match.group("early"):
        after = aside.group("inner")
    return model.EscalationLevel(line, match.group("level").strip(), who.strip(), after.strip())


def _table(placed: placing.Placed, *, escalating: bool) -> Iterator[model.EscalationLevel]:
    for row in tables.rows(placed.passage):
        level = row.get("level", "tier", "step", "severity", "priority", "stage")
        who = row.get("who", "contact", "role", "team", "escalate", "person", "owner", "name")
        after = row.get(
            "after",
            "when",
            "time",
            "within",
            "timeframe",
            "response",
            "sla",
            "duration",
            "trigger",
            "condition",
        )
        known = escalating or any("escalat" in key for key in row.cells)
        if known and who is not None and (level is not None or after is not None):
            yield model.EscalationLevel(row.line, level or "", who, after or "")
