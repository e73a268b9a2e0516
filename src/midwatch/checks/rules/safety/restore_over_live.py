"""A restore into the database that is in use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences
from midwatch.runbook import model as runbooks

LOADS = lazy.pattern(
    r"(?:(?P<psql>\bpsql\b[^|;&\n]*<\s*(?P<file>\S+))|\bpg_restore\b|(?P<mysql>\bmysql\b[^|;&\n]*<\s*\S+)"
    r"|\bmongorestore\b|\bloaddata\b|\bzcat\s+\S+\s*\|[^|]*\b(?:psql|mysql)\b|gunzip\s+-c[^|]*\|[^|]*\b(?:psql|mysql)\b)"
)
STOPS = lazy.pattern(
    r"\bstop\b|--replicas=0|\bmaintenance mode\b|\bscale\b.*\b0\b|\bread-only\b|\bnew (?:database"
    r"|instance)\b|"
    r"\bcreatedb\b|\bdropdb\b|CREATE DATABASE|\bstaging\b|\btest\b|(?<!pg)_restore\b|-restored?\b"
    r"|_test\b",
    re.IGNORECASE,
)
ELSEWHERE = lazy.pattern(
    r"(?<!pg)[_-](?:new|restored?|copy|tmp|temp|scratch|verify|check)\b|\bmongorestore\b.*\s(?:-c|--collection|--nsInclude)\b"
)
"""Into a database of its own, or one collection of it, which is meant so."""
LISTS = lazy.pattern(r"\bpg_restore\b.*\s(?:-l|--list)\b")
RESTORES = lazy.pattern(
    r"restor|recover|import|export|dump|back-?up|snapshot|loaddata|\d{6}", re.IGNORECASE
)
SAFE = lazy.pattern(r"ON_ERROR_STOP|--single-transaction|\s-1\s")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A dump read into a live database, and the guards that are missing."""
    for sentence in sentences.every(
        subject, "psql", "pg_restore", "mysql", "mongorestore", "loaddata"
    ):
        loads = LOADS.search(sentence.bare.replace("\v", " "))
        if not loads or "<<" in sentence.bare:
            continue
        procedure = owner(subject, sentence.line)
        titles = " ".join(procedure.heading_path) if procedure else ""
        if LISTS.search(sentence.words) or ELSEWHERE.search(sentence.words):
            continue
        if not RESTORES.search(f"{titles} {sentence.words}"):
            continue
        before = (
            "\n".join(subject.line(n) for n in range(procedure.line, sentence.line))
            if procedure
            else ""
        )
        missing = []
        if not STOPS.search(before) and not STOPS.search(sentence.text):
            missing.append(
                "this reads a dump into a database in use, and nothing that writes to it is stopped"
            )
        if loads["psql"] and not SAFE.search(sentence.text):
            missing.append("psql goes on after every error (no ON_ERROR_STOP, no transaction)")
        if missing:
            told = "; ".join(missing)
            yield sentences.hit(sentence, f"{told[0].replace('t', 'T')}{told[1:]}.")


def owner(subject: model.Subject, line: int) -> runbooks.Procedure | None:
    """The innermost procedure around a line."""
    around = [p for p in subject.runbook.procedures if p.line <= line <= p.end_line]
    return max(around, key=lambda p: p.line, default=None)


RULE = model.Rule(
    id="safety/restore-over-live",
    severity=model.Severity.WARNING,
    summary="A restore into the database that is in use.",
    why="Half of the old and half of the new: rows that exist fail, rows that were deleted come "
    "back, and the program writes in between.",
    fix="Stop what writes, save what is there, restore into a new database with `psql -1 -v "
    "ON_ERROR_STOP=1`, compare, and switch.",
    example=model.Example(
        bad="```bash\npsql desk < desk-backup.sql\n```\n",
        good="```bash\ncreatedb desk_restored\npsql -1 -v ON_ERROR_STOP=1 desk_restored < "
        "desk-backup.sql\n```\n",
    ),
    check=check,
)
