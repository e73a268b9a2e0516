"""A statement, a function or a column that the database of today no longer has."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from midwatch.base import shape
from midwatch.checks import model, versions
from midwatch.runbook import model as runbooks

TABLE = Path(__file__).parents[2] / "tables" / "statements.toml"
LONGEST = 50


@shape.frozen
class Statement:
    """One thing that servers of a kind dropped."""

    server: str
    since: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]
    """What a text must hold, in lower case, for the pattern to be tried."""
    instead: str
    new: str = ""
    severity: model.Severity | None = None


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """SQL, and calls of a database's shell, with words that newer servers refuse."""
    lower = subject.text.lower()
    likely = [each for each in statements() if any(word in lower for word in each.words)]
    for block in subject.runbook.blocks if likely else ():
        if block.role in {"output", "example"}:
            continue
        for each in likely:
            found = each.pattern.search(block.text)
            if found and versions.concerns(subject, each.server, each.since):
                yield told(subject, block, each, found)


def told(
    subject: model.Subject, block: runbooks.Block, gone: Statement, found: re.Match[str]
) -> model.Hit:
    """What is told of it at its place, with the new name where that means the same."""
    first = found.group().split("\n")[0]
    lines = range(block.line, block.end_line + 1)
    line = next((n for n in lines if first in subject.line(n)), block.line)
    column = subject.line(line).find(first) + 1
    end = column + len(first) if column else 0
    exact = bool(gone.new and column and first == found.group())
    return model.Hit(
        line,
        f"`{' '.join(first.split())[:LONGEST]}` is gone since {gone.server} {gone.since}.",
        fix=f"Use {gone.instead}.",
        column=max(column, 1),
        end_line=line,
        end_column=end,
        severity=gone.severity,
        replacement=model.Replacement(line, column, line, end, gone.new) if exact else None,
    )


@functools.cache
def statements() -> tuple[Statement, ...]:
    """The table, read at its first use."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(
        Statement(
            server=each["server"],
            since=each["since"],
            pattern=re.compile(each["pattern"], re.IGNORECASE),
            words=tuple(each["words"]),
            instead=each["instead"],
            new=each.get("new", ""),
            severity=model.Severity.INFO if each.get("state") == "deprecated" else None,
        )
        for each in table["statement"]
    )


RULE = model.Rule(
    id="command/removed-sql",
    severity=model.Severity.WARNING,
    summary="A statement, a function or a column that the database of today no longer has.",
    why="After the last upgrade the statement is an error, and that is found out when replication "
    "has stopped.",
    fix="Write what replaced it, and say since which version.",
    example=model.Example(
        bad='```bash\nmysql -e "SHOW SLAVE STATUS"\n```\n',
        good='```bash\nmysql -e "SHOW REPLICA STATUS"\n```\n',
    ),
    check=check,
    doubt="An older server still knows it; a document that names an older version is left alone.",
)
