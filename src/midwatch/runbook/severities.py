"""The severities a document defines, in lists and tables."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.runbook import composing, inline, model, passages, tables

NAME = lazy.pattern(
    r"(?P<name>(?:p|sev|s|severity|level|priority)[- ]?\d(?:\s*[\u2013\u2014/-]\s*"
    r"\w+)?|critical|high|medium|low|warning|info(?:rmational)?"
    r"|major|minor|urgent|normal)(?:\s*\((?P<aside>[^()]*)\))?\s*(?::"
    r"|\s[\u2013\u2014-]\s)\s*(?P<meaning>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
WORD = lazy.pattern(r"\b(?:severit|priorit)", re.IGNORECASE)
LEVEL = lazy.pattern(
    r"(?:p|sev|s|severity|level|priority)[- ]?\d\b|critical"
    r"|high|medium|low|warning|info|major|minor",
    re.IGNORECASE,
)


def find(composed: Sequence[composing.Composed]) -> list[model.Severity]:
    """Every severity defined, in the document's order."""
    found: list[model.Severity] = []
    for each in composed:
        for placed in each.placed:
            told = _speaks(placed.section) or _speaks(placed.group)
            if placed.passage.shape is passages.Shape.TABLE:
                found.extend(_table(placed.passage, told=told))
            elif told and placed.passage.shape is passages.Shape.PARAGRAPH:
                match = NAME.match(inline.plain(placed.passage.text))
                if match:
                    aside = f" ({match.group('aside')})" if match.group("aside") else ""
                    name = match.group("name") + aside
                    found.append(model.Severity(placed.passage.line, name, match.group("meaning")))
    return sorted(found, key=lambda severity: severity.line)


@functools.lru_cache(maxsize=256)
def _speaks(title: str) -> bool:
    return WORD.search(title) is not None


def _table(passage: passages.Passage, *, told: bool) -> Iterator[model.Severity]:
    for row in tables.rows(passage):
        name = row.get("severity", "priority", "level", "sev")
        meaning = row.get("definition", "description", "meaning", "criteria", "impact", "example")
        known = told or any(WORD.search(key) for key in row.cells)
        if known and name and meaning and LEVEL.match(name) and "alert" not in " ".join(row.cells):
            yield model.Severity(row.line, name, meaning)
