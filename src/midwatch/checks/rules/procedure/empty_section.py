"""A heading with nothing below it."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A heading that is followed by nothing but a heading of its own or a higher level."""
    headings = subject.runbook.headings
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        last = following.line - 1 if following else len(subject.lines)
        deeper = following is not None and following.level > heading.level
        if deeper or any(subject.line(n).strip() for n in body(subject, heading.line, last)):
            continue
        yield model.Hit(heading.line, f"“{heading.title}” is an empty section.")


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
