"""A link to a heading that is not there."""

from __future__ import annotations

import functools
import re
import urllib.parse
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import coverage, facts, model
from midwatch.checks.rules.procedure import dead_link
from midwatch.runbook import anchors, inline

HEADING = lazy.pattern(
    r"^ {0,3}#{1,6}[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$"
    r"|^(?P<underlined>[^\s#>|`*-].*)\n(?:=+|-+)[ \t]*$",
    re.MULTILINE,
)
"""A comment in a block looks the same: one anchor too many calls no link dead."""
MADE = lazy.pattern(r"(?:<[^>]+\s(?:id|name)=[\"']|\{#)(?P<anchor>[^\"'}\s]+)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A link whose heading does not exist, in this document or in another of its project."""
    yield from elsewhere(subject)
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


def elsewhere(subject: model.Subject) -> Iterator[model.Hit]:
    """A link to a heading of another document, which that document does not have."""
    for link in subject.runbook.links:
        path = dead_link.file_of(link) if "#" in link.href else None
        anchor = urllib.parse.unquote(link.href.partition("#")[2])
        text = subject.text_of(path) if path and anchor else None
        if text is None or coverage.key(anchor) in headings_of(text):
            continue
        column = facts.column_of(subject.line(link.line), link.href)
        yield model.Hit(
            link.line,
            f"No heading of `{path}` has the anchor `#{anchor}`.",
            column=column,
            end_column=column + len(link.href),
        )


@functools.lru_cache(maxsize=64)
def headings_of(text: str) -> frozenset[str]:
    """The keys of all anchors in a document; where headings have one name, of each."""
    taken = anchors.Anchors()
    made = [found["anchor"] for found in MADE.finditer(text)]
    titles = (found["title"] or found["underlined"] for found in HEADING.finditer(text))
    return frozenset(map(coverage.key, (*(taken.take(inline.plain(t)) for t in titles), *made)))


RULE = model.Rule(
    id="procedure/dead-anchor",
    severity=model.Severity.WARNING,
    summary="A link to a heading that its document does not have.",
    why="“See the failover procedure” leads to the top of the page, and whoever followed it "
    "searches by hand.",
    fix="Link to the heading's present anchor, or give the heading its old name back.",
    example=model.Example(
        bad="See [failing over](#fail-over).\n\n## Failing over\n",
        good="See [failing over](#failing-over).\n\n## Failing over\n",
    ),
    check=check,
)
