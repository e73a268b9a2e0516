"""A date from the day the page was written."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

DATE = lazy.pattern(
    r"(?<![\w.])(?:[\w./-]*?[_./-])?(?P<date>20[12]\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01]))"
    r"(?!\d)(?:[T_ -]?\d{2}:?\d{2}(?::?\d{2})?)?"
)
VERSIONED = lazy.pattern(r"apiVersion|api-version|image:|release\.|x-amz|Version=|minio/|:RELEASE")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A date in a command, where a date of the day is needed."""
    for _, step in facts.steps(subject):
        known = any(located.command.tool for located in step.commands)
        if step.kind is not runbooks.Kind.SQL and not known:
            continue
        for number in range(step.line, step.end_line + 1):
            line = subject.line(number)
            found = DATE.search(line)
            if found and not line.strip().startswith("#") and not VERSIONED.search(line):
                start = found.start("date") + 1
                yield model.Hit(
                    number,
                    f"The date {found['date']} is from the day this was written.",
                    column=start,
                    end_column=found.end() + 1,
                )


RULE = model.Rule(
    id="procedure/fixed-date",
    severity=model.Severity.INFO,
    summary="A fixed date in a command.",
    why="Pasted as it stands it restores an old backup, or asks for logs of a day long past.",
    fix="Write a placeholder such as `<backup-date>`, or list what there is and take the newest.",
    example=model.Example(
        bad="```bash\npsql shop < backup-20240131.sql\n```\n",
        good="```bash\nls -t backup-*.sql | head -3\npsql shop < backup-<date>.sql\n```\n",
    ),
    check=check,
)
