"""A heading with nothing below it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

LATER = lazy.pattern(
    r"[*_(\[\s-]*(?:tbd|tbc|todo|to do|to be (?:written|done|added|defined|documented|completed)"
    r"|coming soon|work in progress|wip|fixme|placeholder|not yet written|missing)"
    r"[*_)\]\s.:!…-]*",
    re.IGNORECASE,
)
"""What stands where something should."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A heading that is followed by nothing but a heading of its own or a higher level."""
    headings = subject.runbook.headings
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        last = following.line - 1 if following else len(subject.lines)
        deeper = following is not None and following.level > heading.level
        written = [subject.line(n) for n in body(subject, heading.line, last)]
        said = [line.strip() for line in written if line.strip()]
        if not deeper and not said:
            yield model.Hit(heading.line, f"“{heading.title}” is an empty section.")
        elif len(said) == 1 and not deeper and LATER.fullmatch(said[0]):
            promise = said[0].strip("*_.()[] ")
            yield model.Hit(heading.line, f"“{heading.title}” says no more than “{promise}”.")


def body(subject: model.Subject, line: int, last: int) -> range:
    """The lines below a heading; the underline of an old-style heading is part of the heading."""
    underlined = set(subject.line(line + 1).strip()) in ({"="}, {"-"})
    return range(line + (2 if underlined else 1), last + 1)


RULE = model.Rule(
    id="procedure/empty-section",
    severity=model.Severity.WARNING,
    summary="A heading with nothing below it.",
    why="Whoever follows a link to it at night finds no answer and no pointer to one.",
    fix="Write the steps, or take the heading out.",
    example=model.Example(
        bad="## Failing over\n\n## Contacts\n",
        good="## Failing over\n\nNot automated: page the database team (see Contacts).\n",
    ),
    check=check,
)
