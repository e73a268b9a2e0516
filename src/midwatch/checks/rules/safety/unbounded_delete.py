"""Rows deleted in one statement, with nothing looked at before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

DELETE = lazy.pattern(
    r"\bDELETE\s+FROM\s+(?P<table>[\w.\"]+)(?P<rest>(?:(?!;|\bRETURNING\b).)*)(?:;|$)",
    re.IGNORECASE | re.DOTALL,
)
BATCHED = lazy.pattern(
    r"\bLIMIT\b|\bctid\b|\bIN\s*\(\s*SELECT\b.*\bLIMIT|\bWHERE\s+(?:\w+\.)?(?:\w*_)?(?:id|uuid|key|name|slug|pid)\s*=",
    re.IGNORECASE | re.DOTALL,
)
BEFORE = lazy.pattern(
    r"\bBEGIN\b|START TRANSACTION|SELECT\s+count|pg_dump|\bback-?up\b", re.IGNORECASE
)
EMPTIES = lazy.pattern(
    r"\b(?:TRUNCATE\s+(?:TABLE\s+)?(?!TABLE\b|-)\w+|DROP\s+(?:TABLE|DATABASE|SCHEMA)\s+(?!IF\b)\w+)"
)
NEAR = 12
WIDE = lazy.pattern(r"[<>]|\bINTERVAL\b|\bBETWEEN\b|\bLIKE\b|\bIN\s*\(", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A DELETE by age or by nothing at all, without a transaction, a count or a batch."""
    for block in subject.runbook.blocks:
        if block.role in {"output", "example"}:
            continue
        yield from emptied(subject, block)
        if "delete" not in block.text.lower():
            continue
        for delete in DELETE.finditer(block.text):
            rest = delete["rest"]
            all_rows = "where" not in rest.lower()
            if BATCHED.search(rest) or (not all_rows and not WIDE.search(rest)):
                continue
            above = said_before(subject, block)
            if BEFORE.search(above + block.text[: delete.start()]):
                continue
            first = next(
                n
                for n in range(block.line, block.end_line + 2)
                if delete.group().split("\n")[0].strip() in subject.line(n) or n > block.end_line
            )
            yield model.Hit(
                first,
                f"This deletes {'every row' if all_rows else 'any number of rows'} of "
                f"`{delete['table']}` at once, with no count before, no batch and no transaction.",
                end_line=first + delete.group().count("\n"),
                severity=model.Severity.ERROR if all_rows else None,
            )


def said_before(subject: model.Subject, block: runbooks.Block) -> str:
    """What stands right above the block, below its heading."""
    above: list[str] = []
    for number in range(block.line - 1, max(0, block.line - NEAR), -1):
        if subject.line(number).startswith("#"):
            break
        above.append(subject.line(number))
    return "\n".join(above)


def emptied(subject: model.Subject, block: runbooks.Block) -> Iterator[model.Hit]:
    """Tables emptied or dropped without a word of a backup."""
    for empties in EMPTIES.finditer(block.text):
        above = said_before(subject, block)
        if BEFORE.search(above + block.text[: empties.start()]):
            continue
        line = facts.line_of(subject, re.escape(empties.group()), block.line, block.end_line)
        yield model.Hit(line, f"`{empties.group()}` takes every row at once and saves none.")


RULE = model.Rule(
    id="safety/unbounded-delete",
    severity=model.Severity.WARNING,
    summary="Rows deleted in one statement, with nothing looked at before.",
    why="A wrong interval is found out afterwards; and millions of rows in one statement lock the "
    "table and fill the disk with log.",
    fix="Count them first, save them, and delete in batches inside a transaction.",
    example=model.Example(
        bad="```sql\nDELETE FROM scans WHERE seen < NOW() - INTERVAL '1 year';\n```\n",
        good="```sql\nSELECT count(*) FROM scans WHERE seen < NOW() - INTERVAL '1 year';\n"
        "DELETE FROM scans WHERE id IN (SELECT id FROM scans WHERE seen < NOW() - "
        "INTERVAL '1 year' LIMIT 5000);\n```\n",
    ),
    check=check,
)
