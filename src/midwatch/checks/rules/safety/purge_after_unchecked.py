"""Old backups removed, whether or not the new one is good."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

MAKES = lazy.pattern(
    r"\b(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|dumpdata|pg_basebackup|slapcat|influxd\s+backup"
    r"|etcdctl\s+snapshot\s+save|restic\s+backup|tar\s+-?c\w*)\b|--rdb\b"
)
PURGES = lazy.pattern(
    r"\bfind\s+(?P<where>\S+)[^\n|;]*\s-mtime\s+\+(?P<days>\d+)[^\n|;]*\s(?:-delete|-exec\s+rm\b)|\brm\s[^\n]*(?:backup|dump)\S*\*"
    r"|\bls\s[^\n]*\|\s*(?:tail|head)\b[^\n]*\|\s*xargs\s+(?:-\S+\s+)*rm\b"
)
KEPT = lazy.pattern(
    r"back-?up|dump|archive|snapshot|vault|\.(?:sql|rdb|bak|tar|tgz|gz|zst|dump|json|db)\b",
    re.IGNORECASE,
)
"""What is removed is a backup, by its folder or its name."""
CAREFUL = lazy.pattern(r"\bset\s+-\w*e|\bset\s+-o\s+errexit|\bpipefail\b")
PIPED = lazy.pattern(
    r"\b(?:dump\w*|dumpall|dumpdata|slapcat|backup)\b[^|&;\n]*\|(?!\|)[^&\n]*&&.*\brm\b"
)
"""A dump through a pipe, and old ones removed where the pipe's last command went well."""
TESTED = lazy.pattern(
    r"&&\s*(?:\\\s*)?(?:find|rm)\b|\bif\s+(?!\[\s*\$\?)[^\n]*dump|\|\|\s*(?:exit|return|\{)|\[\s+!?\s*-s\s"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`find -mtime +7 -delete` below a dump whose failure stops nothing."""
    for block in subject.runbook.blocks:
        if block.role == "output" or not MAKES.search(block.text) or CAREFUL.search(block.text):
            continue
        if tested(block.text):
            continue
        lines = facts.block_lines(subject, block)
        made = next((n for n, line in lines if MAKES.search(line)), 0)
        for number, line in lines:
            purges = PURGES.search(line)
            if not purges or not KEPT.search(line) or line.lstrip().startswith("#"):
                continue
            if (made and number > made) or PIPED.search(line):
                yield model.Hit(
                    number,
                    "This removes old backups even when the dump on line "
                    f"{made or number} failed or is empty.",
                    column=purges.start() + 1,
                    end_column=purges.end() + 1,
                )


def tested(text: str) -> bool:
    """Whether old ones go only where the dump went well; a pipe says how its last command went."""
    return any(not PIPED.search(line) for line in text.splitlines() if TESTED.search(line))


RULE = model.Rule(
    id="safety/purge-after-unchecked",
    severity=model.Severity.ERROR,
    summary="Old backups removed, whether or not the new one is good.",
    why="When dumps fail quietly for as long as the old ones are kept, the last good backup is "
    "deleted.",
    fix="Begin with `set -euo pipefail`, test the new file (`[ -s FILE ]`, `pg_restore -l`), and "
    "only "
    "then remove old ones; keep a number of them, not an age.",
    example=model.Example(
        bad="```bash\npg_dump desk > /vault/desk.sql\nfind /vault -name '*.sql' -mtime +14 "
        "-delete\n"
        "```\n",
        good="```bash\nset -euo pipefail\npg_dump -Fc desk > /vault/desk.dump\n"
        "pg_restore -l /vault/desk.dump > /dev/null\nfind /vault -name '*.dump' -mtime +14 "
        "-delete\n"
        "```\n",
    ),
    check=check,
)
