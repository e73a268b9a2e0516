"""A statement or view that the database of today no longer has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

GONE = (
    (r"\bSHOW\s+SLAVE\s+STATUS\b", "MySQL 8.4", "SHOW REPLICA STATUS"),
    (r"\bSHOW\s+SLAVE\s+HOSTS\b", "MySQL 8.4", "SHOW REPLICAS"),
    (r"\bSHOW\s+MASTER\s+STATUS\b", "MySQL 8.4", "SHOW BINARY LOG STATUS"),
    (r"\bCHANGE\s+MASTER\s+TO\b", "MySQL 8.4", "CHANGE REPLICATION SOURCE TO"),
    (r"\b(?:START|STOP|RESET)\s+SLAVE\b", "MySQL 8.4", "START REPLICA"),
    (r"\bRESET\s+MASTER\b", "MySQL 8.4", "RESET BINARY LOGS AND GTIDS"),
    (r"\bpg_(?:current_xlog_\w+|last_xlog_\w+|switch_xlog|xlog_location_diff|xlog_replay_\w+)\b",
     "PostgreSQL 10", "the same name with `wal` and `lsn`"),
    (r"\bpg_(?:start|stop)_backup\s*\(", "PostgreSQL 15", "pg_backup_start, pg_backup_stop"),
    (r"\bpg_stat_activity\b[^;]*\bprocpid\b|\bprocpid\b[^;]*\bpg_stat_activity\b", "PostgreSQL 9.2",
     "pid"),
    (r"\bpg_stat_activity\b[^;]*\bwaiting\s*=|\bwaiting\s*(?:=\s*(?:true|'t'))[^;]*pg_stat_activity",
     "PostgreSQL 9.6", "wait_event IS NOT NULL"),
    (r"\b(?:mean|total|min|max)_time\b[^;]*\bpg_stat_statements\b", "PostgreSQL 13",
     "mean_exec_time, total_exec_time"),
)  # fmt: skip
KNOWN = tuple(
    (lazy.pattern(pattern, re.IGNORECASE), since, instead) for pattern, since, instead in GONE
)
LIKELY = lazy.pattern(r"slave|master|xlog|_backup|procpid|waiting|_time", re.IGNORECASE)
OTHERS = lazy.pattern(r"mariadb", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """SQL with words that newer servers refuse."""
    for block in subject.runbook.blocks:
        if block.role in {"output", "example"} or not LIKELY.search(block.text):
            continue
        for pattern, since, instead in KNOWN:
            found = pattern.search(block.text)
            if not found or (since.startswith("MySQL") and OTHERS.search(subject.text)):
                continue
            first = found.group().split("\n")[0]
            last = block.end_line
            line = facts.line_of(subject, re.escape(first), block.line, last)
            yield model.Hit(
                line,
                f"`{' '.join(first.split())[:50]}` is gone since {since}.",
                fix=f"Write `{instead}`.",
            )


RULE = model.Rule(
    id="command/removed-sql",
    severity=model.Severity.WARNING,
    summary="A statement or view that the database of today no longer has.",
    why="After the last upgrade the statement is an error, and that is found out when replication "
    "has stopped.",
    fix="Write what replaced it, and say since which version.",
    example=model.Example(
        bad='```bash\nmysql -e "SHOW SLAVE STATUS"\n```\n',
        good='```bash\nmysql -e "SHOW REPLICA STATUS"\n```\n',
    ),
    check=check,
    doubt="An older server still knows it.",
)
