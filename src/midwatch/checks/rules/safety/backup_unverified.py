"""A backup that nobody looks at before relying on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model, sentences
from midwatch.checks.rules.safety import restore_over_live

DUMPS = lazy.pattern(r"\b(?:pg_dump|pg_dumpall|mysqldump|mongodump|dumpdata)\b.*>\s*\S")
LOOKS = lazy.pattern(
    r"\bls\s|\[\s+!?\s*-s\s|pg_restore\s+(?:-l|--list)|\bwc\b|\bhead\b|\btail\b|\bgzip\s+-t|\bsha\d+sum|\bmd5sum|"
    r"\bdu\s|\bstat\s|\bjq\b|\bpython\s+-m\s+json|set\s+-\w*e|verify|integrity|\btest\b|\$\?|&&|\|\|",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A dump into a file, and no look at the file in the procedure."""
    for sentence in sentences.every(subject, "dump"):
        if not DUMPS.search(sentence.words) or "|" in sentence.bare.partition(">")[0]:
            continue
        procedure = restore_over_live.owner(subject, sentence.line)
        text = facts.text_of(subject, procedure, after=sentence.line) if procedure else ""
        if not LOOKS.search(text) and not LOOKS.search(sentence.text):
            yield sentences.hit(
                sentence,
                "Whether the file is whole is never looked at: a stream that broke leaves half a "
                "backup.",
            )


RULE = model.Rule(
    id="safety/backup-unverified",
    severity=model.Severity.INFO,
    summary="A backup that nobody looks at before relying on it.",
    why="A connection that broke, a full disk or a log line in the output makes a file that no "
    "restore reads.",
    fix="Look at it: `[ -s FILE ]`, `tail -1 FILE`, `pg_restore -l FILE`; once a month restore it.",
    example=model.Example(
        bad="```bash\nkubectl exec desk-0 -- python manage.py dumpdata > desk.json\n```\n",
        good="```bash\nkubectl exec desk-0 -- python manage.py dumpdata > desk.json\n"
        "jq length desk.json\n```\n",
    ),
    check=check,
)
