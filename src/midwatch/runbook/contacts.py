"""Whom to reach and how, and where the document has only a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.runbook import composing, inline, model, passages, placing, tables, vocabulary

GAP = lazy.pattern(
    r"\[[^\[\]]*\]$|<[^<>]+>$|(?:tbd|todo|n/a|tba|fill (?:me )?in"
    r"|your .*|placeholder|none|\?+|-+|_+|\.\.\.)$|.*x{3,}",
    re.IGNORECASE,
)
REACH = lazy.pattern(
    r"[\w.+-]+@[\w-]+\.\w+|https?://|#[a-z][\w-]+|\+?\d[\d ().-]{6,}\d"
    r"|\bx{3}-x{3,4}|pagerduty|opsgenie|slack|(?:^|\s)@[\w-]+",
    re.IGNORECASE,
)
ROLE = lazy.pattern(
    r"\b(?:on-?call|engineer|admin|administrator|dba|team"
    r"|manager|management|lead|support|owner|escalation|security"
    r"|sre|ops|operations|pagerduty|slack|contact|director"
    r"|vendor|help ?desk|maintainer|channel|cto|phone|email"
    r"|hotline)\b",
    re.IGNORECASE,
)
LONGEST = 120
PAIR = lazy.pattern(
    r"(?P<role>[^:\n]{2,60}?)\s*:\s+(?P<how>\S.*)$|(?P<single>[^:\n]{2,60}?)\s+[\u2013\u2014-]\s+(?P<rest>\S.*)$",
    re.DOTALL,
)


def find(composed: Sequence[composing.Composed]) -> list[model.Contact]:
    """Every contact, in the document's order."""
    found: list[model.Contact] = []
    for each in composed:
        for placed in each.placed:
            found.extend(_placed(each, placed))
    return sorted(found, key=lambda contact: contact.line)


def _placed(composed: composing.Composed, placed: placing.Placed) -> Iterator[model.Contact]:
    told = _told(composed, placed)
    if placed.passage.shape is passages.Shape.TABLE:
        yield from _table(placed, told=told)
        yield from _pairs(placed)
        return
    if placed.passage.shape is not passages.Shape.PARAGRAPH or not placed.passage.text.strip():
        return
    text = inline.plain(placed.passage.text)
    if placed.lead is not None and placed.lead.rest:
        role, how = placed.lead.title, inline.plain(placed.lead.rest)
    else:
        match = PAIR.match(text)
        if match is None:
            return
        role = match.group("role") or match.group("single")
        how = match.group("how") or match.group("rest")
    unfilled = bool(GAP.match(how.strip()))
    reachable = bool(REACH.search(how)) or unfilled
    head = bool(ROLE.search(role)) and len(how) < LONGEST
    if (told and (reachable or head) and not re.match(r"level\s*\d", role, re.IGNORECASE)) or (
        head
        and reachable
        and (placed.lead is not None or placed.passage.head)
        and not placed.alerting
        and " " not in how.strip("[]")
    ):
        yield model.Contact(placed.passage.line, role.strip(" -"), how, unfilled)


def _told(composed: composing.Composed, placed: placing.Placed) -> bool:
    """Whether the passage stands where contacts are told."""
    if placed.role is vocabulary.Role.CONTACTS:
        return True
    titles = (placed.section, placed.group, *composed.outline.section.path[-1:])
    return any(
        vocabulary.role(title) is vocabulary.Role.CONTACTS or "contact" in title.lower()
        for title in titles
        if title
    )


def _pairs(placed: placing.Placed) -> Iterator[model.Contact]:
    """Contacts in a table of fields and values, such as the owner of a runbook."""
    named = {inline.plain(row[0].text).lower() for row in placed.passage.rows[:1] if row}
    if not named & {"field", "property", "key", "item", "attribute", "", "metadata"}:
        return
    for row, (name, value) in zip(placed.passage.rows, tables.pairs(placed.passage), strict=False):
        if ROLE.search(name) and value and len(value) < LONGEST:
            yield model.Contact(row[0].line, name, value, bool(GAP.match(value)))


def _table(placed: placing.Placed, *, told: bool) -> Iterator[model.Contact]:
    for row in tables.rows(placed.passage):
        role = row.get(
            "role",
            "team",
            "name",
            "service",
            "who",
            "function",
            "contact type",
            "system",
            "vendor",
            "level",
        )
        how = row.get(
            "contact",
            "phone",
            "email",
            "slack",
            "channel",
            "how",
            "pager",
            "reach",
            "method",
            "details",
        )
        if role is None or how is None or how == role:
            continue
        if told or REACH.search(how):
            yield model.Contact(row.line, role, how, bool(GAP.match(how.strip())))
