"""Sessions ended without asking whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

ENDS = lazy.pattern(r"\bpg_terminate_backend\s*\(\s*(?:\w+\.)?pid\s*\)", re.IGNORECASE)
WHOSE = lazy.pattern(
    r"\b(?:usename|datname|application_name|backend_type|client_addr)\b", re.IGNORECASE
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`pg_terminate_backend(pid)` over all sessions."""
    for block in subject.runbook.blocks:
        for number in range(block.line, block.end_line + 1):
            ends = ENDS.search(subject.line(number))
            if not ends:
                continue
            last = number
            while last < block.end_line and ";" not in subject.line(last):
                last += 1
            text = "\n".join(subject.line(n) for n in range(number, last + 1))
            if not WHOSE.search(text):
                yield model.Hit(
                    number,
                    "This ends sessions of every database and kind: backups, replication and "
                    "migrations too.",
                    column=ends.start() + 1,
                    end_line=last,
                )


RULE = model.Rule(
    id="safety/terminates-too-broad",
    severity=model.Severity.WARNING,
    summary="Sessions ended without asking whose they are.",
    why="The nightly backup or a migration is killed half-way, and idle sessions, which use the "
    "connections up, stay.",
    fix="List them first with `SELECT pid, usename, state, query …`, and add `usename = …`, "
    "`datname = …` and `backend_type = 'client backend'`.",
    example=model.Example(
        bad="```sql\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = "
        "'active';\n"
        "```\n",
        good="```sql\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity\n"
        "WHERE usename = 'desk' AND state = 'idle in transaction';\n```\n",
    ),
    check=check,
)
