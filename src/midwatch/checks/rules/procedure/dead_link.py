"""A link to a document that is not there."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator

from midwatch.checks import facts, model

SUFFIXES = (".md", ".markdown")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A relative link to a Markdown file that does not stand beside this one."""
    for link in subject.runbook.links:
        split = urllib.parse.urlsplit(link.href)
        path = urllib.parse.unquote(split.path)
        if split.scheme or split.netloc or path.startswith("/") or "{" in path:
            continue
        if path.endswith(SUFFIXES) and not subject.exists(path):
            column = facts.column_of(subject.line(link.line), link.href)
            yield model.Hit(
                link.line,
                f"`{path}` is not beside this document.",
                column=column,
                end_column=column + len(link.href),
            )


RULE = model.Rule(
    id="procedure/dead-link",
    severity=model.Severity.WARNING,
    summary="A relative link to a Markdown file that does not exist.",
    why="The part of the procedure that lives in the other file cannot be found when it is needed.",
    fix="Correct the path, or take the link out.",
    example=model.Example(
        bad="Then follow [the restore](restore-db.md).\n",
        good="Then follow [the restore](database/restore.md).\n",
    ),
    check=check,
    doubt="A page that a site generator makes under that name.",
)
