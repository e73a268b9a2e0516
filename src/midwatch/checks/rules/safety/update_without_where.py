"""An UPDATE of every row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

UPDATE = lazy.pattern(
    r"\bUPDATE\s+(?!ON\b)(?P<table>[\w.\"`]+)\s+SET\s(?P<rest>(?:(?!;|```).)*?)(?:;|\"\s|\"$|'\s*$|$(?![\s\S]))",
    re.IGNORECASE | re.DOTALL,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`UPDATE … SET …` without WHERE."""
    for block in subject.runbook.blocks:
        if block.role in {"output", "example"} or "update" not in block.text.lower():
            continue
        for update in UPDATE.finditer(block.text):
            if re.search(r"\bwhere\b|\bCURRENT OF\b", update["rest"], re.IGNORECASE):
                continue
            if re.search(r"apt|yum|dnf|npm|brew", block.text[: update.start()].rpartition("\n")[2]):
                continue
            first = update.group().split("\n")[0]
            line = facts.line_of(subject, re.escape(first), block.line, block.end_line)
            yield model.Hit(
                line, f"Every row of `{update['table']}` is changed: there is no WHERE."
            )


RULE = model.Rule(
    id="safety/update-without-where",
    severity=model.Severity.WARNING,
    summary="An UPDATE of every row.",
    why="One forgotten line changes the whole table, and the old values are nowhere.",
    fix="Add WHERE, run it inside BEGIN, look at the count, and COMMIT.",
    example=model.Example(
        bad="```sql\nUPDATE parcels SET lane = 3;\n```\n",
        good="```sql\nUPDATE parcels SET lane = 3 WHERE lane IS NULL;\n```\n",
    ),
    check=check,
    doubt="Some flags really are for every row.",
)
