"""A file that PostgreSQL no longer reads, and will not start beside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

WRITTEN = lazy.pattern(
    r"(?:>>?\s*|\b(?:tee|vim?|nano|touch)\s[^|;]*)\"?\S*recovery\.conf\b", re.IGNORECASE
)
VERSION = lazy.pattern(r"\bpostgres(?:ql)?(?::|[\s-]+v?)(?P<major>\d{1,2})\b", re.IGNORECASE)
FIRST_WITHOUT = 12
OLDEST = 8
"""A lower number is that of a pod: `postgresql-0`."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A step that writes `recovery.conf`; an error where the document names a version from 12."""
    if "recovery.conf" not in subject.text:
        return
    named = (int(found["major"]) for found in VERSION.finditer(subject.text))
    majors = [major for major in named if major >= OLDEST]
    if majors and max(majors) < FIRST_WITHOUT:
        return
    severity = model.Severity.ERROR if majors else model.Severity.WARNING
    since = f", and this document names version {max(majors)}" if majors else ""
    for block in subject.runbook.blocks:
        for number in range(block.line, block.end_line + 1):
            written = WRITTEN.search(subject.line(number))
            if written is not None:
                yield model.Hit(
                    number,
                    f"Since version 12 PostgreSQL does not start beside a `recovery.conf`{since}.",
                    column=written.start() + 1,
                    end_column=written.end() + 1,
                    severity=severity,
                )


RULE = model.Rule(
    id="manifest/recovery-conf",
    severity=model.Severity.ERROR,
    summary="A step that writes PostgreSQL's `recovery.conf`.",
    why="Since version 12 the server stops with “using recovery command file "
    '"recovery.conf" is not supported”, so the replica or the restore never comes up.',
    fix="Put the settings into `postgresql.auto.conf` and create an empty `standby.signal` "
    "(or `recovery.signal`).",
    example=model.Example(
        bad="```bash\necho \"primary_conninfo = 'host=db-0'\" > $PGDATA/recovery.conf\n```\n",
        good="```bash\necho \"primary_conninfo = 'host=db-0'\" >> $PGDATA/postgresql.auto.conf\n"
        "touch $PGDATA/standby.signal\n```\n",
    ),
    check=check,
)
