"""A link to a heading that is not there."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import coverage, facts, model

MADE = lazy.pattern(r"(?:<[^>]+\s(?:id|name)=[\"']|\{#)(?P<anchor>[^\"'}\s]+)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A link within the document whose heading does not exist."""
    inner = [link for link in subject.runbook.links if link.href.startswith("#")]
    if not inner:
        return
    made = [found["anchor"] for found in MADE.finditer(subject.text)]
    anchors = {heading.anchor for heading in subject.runbook.headings}
    known = {coverage.key(anchor) for anchor in (*anchors, *made)}
    for link in inner:
        if link.href in {"#", "#top"}:
            continue
        anchor = urllib.parse.unquote(link.href[1:])
        if anchor not in anchors and coverage.key(anchor) not in known:
            column = facts.column_of(subject.line(link.line), link.href)
            yield model.Hit(
                link.line,
                f"No heading of this document has the anchor `#{anchor}`.",
                column=column,
                end_column=column + len(link.href),
            )


RULE = model.Rule(
    id="procedure/dead-anchor",
    severity=model.Severity.WARNING,
    summary="A link to a heading that this document does not have.",
    why="“See the failover procedure” leads to the top of the page, and whoever followed it "
    "searches by hand.",
    fix="Link to the heading's present anchor, or give the heading its old name back.",
    example=model.Example(
        bad="See [failing over](#fail-over).\n\n## Failing over\n",
        good="See [failing over](#failing-over).\n\n## Failing over\n",
    ),
    check=check,
)
