"""A contact that is still a placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

HOLE = lazy.pattern(
    r"\[(?:your|the|dba|security|management|support|team|on-?call|insert|add|name|phone|email)"
    r"[^\]\n]*\](?![(\[:])|\+?[\d-]*x{3}[-x]*|<(?:phone|email|name|number|contact|insert|enter|add|fill|your)\b[^>]*>|(?-i:\bTBD\b|"
    r"\bTODO\b)|your-org\b|yourcompany\b|\+1[-\s]?555[-\s]\d{3,4}",
    re.IGNORECASE,
)
ROLE = lazy.pattern(
    r"contact|on-?call|support|escalat|engineer|lead\b|admin|team\b|manage|pager|slack|phone|"
    r"e-?mail|repository|security",
    re.IGNORECASE,
)
PLACE = lazy.pattern(r"contact|escalat|on-?call|emergency|support|owner", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A line about whom to reach that holds a placeholder instead of somebody."""
    told: set[int] = set()
    for contact in subject.runbook.contacts:
        if contact.unfilled:
            told.add(contact.line)
            yield hit(subject, contact.line, f"“{contact.role}” has nobody yet: `{contact.how}`.")
    for number, line in in_sections(subject):
        hole = HOLE.search(line)
        if number not in told and hole is not None and (row(line) or ROLE.search(line)):
            yield hit(subject, number, f"The contact here is still a placeholder: `{hole[0]}`.")


def row(line: str) -> bool:
    """Whether a line is a row of a table, which names whom it is about in its first cell."""
    return line.lstrip().startswith("|")


def in_sections(subject: model.Subject) -> Iterator[tuple[int, str]]:
    """The lines of prose below a heading about whom to reach."""
    headings = subject.runbook.headings
    ends = [following.line for following in headings[1:]]
    wanted: set[int] = set()
    for heading, end in zip(headings, [*ends, len(subject.lines) + 1], strict=False):
        if PLACE.search(heading.title):
            wanted.update(range(heading.line, end))
    return (each for each in facts.prose(subject) if each[0] in wanted)


def hit(subject: model.Subject, line: int, message: str) -> model.Hit:
    """What is told of a contact that nobody can reach."""
    text = subject.line(line)
    hole = HOLE.search(text)
    start, end = (hole.start() + 1, hole.end() + 1) if hole else (1, 0)
    return model.Hit(line, message, column=start, end_column=end)


RULE = model.Rule(
    id="procedure/unfilled-contact",
    severity=model.Severity.WARNING,
    summary="A contact that is still a placeholder.",
    why="The escalation ends here: whoever needs help at night has no number to call.",
    fix="Write who it is and how to reach them, or the name of the on-call schedule.",
    example=model.Example(
        bad="## Contacts\n\n- **Database admin**: [your contact info]\n",
        good="## Contacts\n\n- **Database admin**: PagerDuty schedule `db-primary`\n",
    ),
    check=check,
)
