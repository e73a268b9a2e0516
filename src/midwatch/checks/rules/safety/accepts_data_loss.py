"""A flag that says "lose data if you must", and no word about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

ACCEPTS = lazy.pattern(
    r"\b(?P<flag>REPAIR_ALLOW_DATA_LOSS|accept_data_loss[\"']?\s*[:=]\s*[\"']?true)\b"
    r"|(?<=\s)(?P<option>--force-delete-without-recovery|--skip-final-snapshot|--accept-data-loss"
    r"|--allow-data-loss|--force-new-cluster|--zero-superblock|--purge-disabled-volumes)(?=\s|$)"
    r"|\b(?P<tool>pg_resetwal\s+(?:-\S+\s+)*(?:-f|--force)\b|pg_resetxlog\s+(?:-\S+\s+)*-f\b"
    r"|xfs_repair\s+(?:-\S+\s+)*-L\b|zpool\s+import\s+(?:-\S+\s+)*-F\b)",
    re.IGNORECASE,
)
STEMS = (
    *("data_loss", "data-loss", "without-recovery", "final-snapshot", "new-cluster"),
    *("superblock", "disabled-volumes", "pg_reset", "xfs_repair", "zpool"),
)
FLAG = lazy.pattern(r"[\"'\s:=].*")
"""What stands behind a flag's name."""
SAID = lazy.pattern(
    r"\blos(?:e|es|s|t|ing)\b|last resort|back(?:ed)?[\s-]?up|final snapshot|\bgone\b|irreversib"
    r"|cannot be (?:undone|restored|recovered)|no way back|expendable|caution|warning|danger",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Data given up by a flag, in a procedure that does not speak of it."""
    for block in subject.runbook.blocks:
        lowered = block.text.lower()
        if block.role in {"output", "example"} or not any(stem in lowered for stem in STEMS):
            continue
        for number, line in facts.block_lines(subject, block):
            accepts = ACCEPTS.search(line)
            if accepts and not line.lstrip().startswith("#") and not said(subject, number):
                given = accepts["flag"] or accepts["option"] or accepts["tool"]
                yield model.Hit(
                    number,
                    f"`{FLAG.sub('', given)}` gives data up for good, and nothing here says so.",
                    column=accepts.start() + 1,
                    end_column=accepts.end() + 1,
                )


def said(subject: model.Subject, line: int) -> bool:
    """Whether the words of the section speak of the loss before that line."""
    first = max((h.line for h in subject.runbook.headings if h.line <= line), default=1)
    prose = dict(facts.prose(subject))
    words = [prose.get(number, "") for number in range(first, line)]
    comments = (subject.line(line - 1), subject.line(line - 2))
    words += [text for text in comments if text.lstrip().startswith("#")]
    return any(SAID.search(text) for text in words)


RULE = model.Rule(
    id="safety/accepts-data-loss",
    severity=model.Severity.WARNING,
    summary="A flag that gives data up for good, and no word about it.",
    why="Whoever follows the page takes it for the ordinary way, and finds out in the next restore "
    "what was lost.",
    fix="Say above it what is lost, who decides, and what to try and to save before.",
    example=model.Example(
        bad="## Old instance\n\n```bash\naws rds delete-db-instance "
        "--db-instance-identifier lanes --skip-final-snapshot\n```\n",
        good="## Old instance\n\n```bash\naws rds delete-db-instance "
        "--db-instance-identifier lanes --final-db-snapshot-identifier lanes-last\n```\n",
    ),
    check=check,
)
