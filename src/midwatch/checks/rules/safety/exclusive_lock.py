"""A statement that locks whole tables of a live database."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

LOCKS = lazy.pattern(
    r"\b(?P<what>VACUUM\s+(?:\(\s*)?FULL|REINDEX\s+(?:TABLE|DATABASE|INDEX|SYSTEM)(?!\s+CONCURRENTLY)|"
    r"CREATE\s+(?:UNIQUE\s+)?INDEX(?!\s+CONCURRENTLY)(?=\s+\w+\s+ON\b)|LOCK\s+TABLES?|CLUSTER\s+\w+\s+USING|"
    r"OPTIMIZE\s+TABLE)\b",
    re.IGNORECASE,
)
TOLD = lazy.pattern(
    r"maintenance window|downtime|\block(?:s|ed|ing)?\b(?!\s+tables?)|off-peak|exclusive|blocks",
    re.IGNORECASE,
)
HEAVY = lazy.pattern(r"VACUUM|CLUSTER|OPTIMIZE|LOCK", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """VACUUM FULL, REINDEX and their kind, with no word about the lock."""
    for block in subject.runbook.blocks:
        if block.role in {"output", "example"} or block.language in {"yaml", "text"}:
            continue
        if not LOCKS.search(block.text):
            continue
        for number in range(block.line, block.end_line + 1):
            line = subject.line(number)
            locks = LOCKS.search(line)
            if not locks or line.lstrip().startswith(("#", "--")):
                continue
            around = "\n".join(subject.line(n) for n in range(block.line - 6, block.end_line + 4))
            if not TOLD.search(around.replace(locks.group(), "")):
                yield model.Hit(
                    number,
                    f"`{' '.join(locks['what'].split())}` locks each table while it works: "
                    "nothing is "
                    "read or written meanwhile.",
                    column=locks.start() + 1,
                    end_column=locks.end() + 1,
                    severity=None if HEAVY.search(locks["what"]) else model.Severity.INFO,
                )


RULE = model.Rule(
    id="safety/exclusive-lock",
    severity=model.Severity.WARNING,
    summary="A statement that locks whole tables of a live database.",
    why="A monthly chore becomes a monthly outage; a rewrite also needs as much free disk as the "
    "table has.",
    fix="Use what does not lock (`VACUUM (ANALYZE)`, `REINDEX … CONCURRENTLY`, `pg_repack`), or "
    "say "
    "that it needs a maintenance window.",
    example=model.Example(
        bad="```sql\nVACUUM FULL scans;\n```\n",
        good="```sql\nVACUUM (ANALYZE) scans;\n```\n",
    ),
    check=check,
)
