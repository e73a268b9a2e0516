"""A link to a document that is not there."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator

from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

SUFFIXES = (".md", ".markdown")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A relative link to a Markdown file that does not stand beside this one.

    Where not one of the document's links leads anywhere, the document may have been taken out of
    its folder, so that nothing is certain.
    """
    named = [(link, path) for link in subject.runbook.links if (path := file_of(link))]
    missing = [(link, path) for link, path in named if not subject.exists(path)]
    alone = len(missing) == len(named)
    for link, path in missing:
        column = facts.column_of(subject.line(link.line), link.href)
        yield model.Hit(
            link.line,
            f"`{path}` is not beside this document.",
            column=column,
            end_column=column + len(link.href),
            severity=model.Severity.INFO if alone else None,
        )


def file_of(link: runbooks.Link) -> str | None:
    """The Markdown file that a relative link leads to."""
    try:
        split = urllib.parse.urlsplit(link.href)
    except ValueError:
        return None  # `[here]([host])` is no address at all
    path = urllib.parse.unquote(split.path)
    elsewhere = split.scheme or split.netloc or path.startswith("/") or set(path) & set("{[<")
    return path if path.endswith(SUFFIXES) and not elsewhere else None


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
