"""Rows deleted in one statement, with nothing looked at before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import model

DELETE = re.compile(
    r"\bDELETE\s+FROM\s+(?P<table>[\w.\"]+)(?P<rest>(?:(?!;|\bRETURNING\b).)*)(?:;|$)",
    re.IGNORECASE | re.DOTALL,
)
BATCHED = re.compile(
    r"\bLIMIT\b|\bctid\b|\bIN\s*\(\s*SELECT\b.*\bLIMIT|\bWHERE\s+(?:\w+\.)?(?:\w*_)?(?:id|uuid|key|name|slug|pid)\s*=",
    re.IGNORECASE | re.DOTALL,
)
BEFORE = re.compile(
    r"\bBEGIN\b|START TRANSACTION|SELECT\s+count|pg_dump|\bback-?up\b", re.IGNORECASE
)
WIDE = re.compile(r"[<>]|\bINTERVAL\b|\bBETWEEN\b|\bLIKE\b|\bIN\s*\(", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A DELETE by age or by nothing at all, without a transaction, a count or a batch."""
    for block in subject.runbook.blocks:
        if "delete" not in block.text.lower() or block.role in {"output", "example"}:
            continue
        for delete in DELETE.finditer(block.text):
            rest = delete["rest"]
            all_rows = "where" not in rest.lower()
            if BATCHED.search(rest) or (not all_rows and not WIDE.search(rest)):
                continue
            if BEFORE.search(block.text[: delete.start()]):
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
