"""A table of contents that forgot a section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import coverage, model
from midwatch.runbook import model as runbooks

CONTENTS = lazy.pattern(r"^\W*(?:table of )?contents?\W*$|^toc$", re.IGNORECASE)
ENOUGH = 3


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A table of contents that leaves out sections of the level it lists."""
    headings = subject.runbook.headings
    for number, heading in enumerate(headings):
        if not CONTENTS.match(heading.title):
            continue
        end = headings[number + 1].line if number + 1 < len(headings) else len(subject.lines)
        listed = {
            coverage.key(link.href[1:])
            for link in subject.runbook.links
            if heading.line < link.line < end and link.href.startswith("#")
        }
        missing = left_out(headings[number + 1 :], listed)
        if len(listed) >= ENOUGH and missing:
            names = ", ".join(f"“{each.title}”" for each in missing[:4])
            more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""  # noqa: PLR2004
            yield model.Hit(heading.line, f"The table of contents leaves out {names}{more}.")


def left_out(headings: tuple[runbooks.Heading, ...], listed: set[str]) -> list[runbooks.Heading]:
    """The headings of the highest listed level that the list does not name."""
    levels = [heading.level for heading in headings if coverage.key(heading.anchor) in listed]
    top = min(levels, default=0)
    return [h for h in headings if h.level == top and coverage.key(h.anchor) not in listed]


RULE = model.Rule(
    id="procedure/contents-incomplete",
    severity=model.Severity.INFO,
    summary="A table of contents that leaves out sections.",
    why="What is not listed is not found by somebody who has never read the whole page.",
    fix="Add the sections to the table of contents, or let a tool write it.",
    example=model.Example(
        bad="## Contents\n\n- [Deploy](#deploy)\n- [Scale](#scale)\n- [Logs](#logs)\n\n"
        "## Deploy\n\n## Scale\n\n## Logs\n\n## Restore\n",
        good="## Contents\n\n- [Deploy](#deploy)\n- [Scale](#scale)\n- [Logs](#logs)\n"
        "- [Restore](#restore)\n",
    ),
    check=check,
)
