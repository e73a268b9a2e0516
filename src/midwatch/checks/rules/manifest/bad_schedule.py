"""A CronJob at a time that does not exist."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

if TYPE_CHECKING:
    import cronsim
else:
    cronsim = lazy.module("cronsim")

FIELDS = 5
ANY_DAY = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A CronJob whose schedule is no cron expression."""
    for manifest in manifests.read(subject):
        schedule = manifests.at(manifest.data, "spec", "schedule")
        if manifest.kind == "CronJob" and isinstance(schedule, str) and not sound(schedule):
            line = facts.line_of(subject, r"\bschedule:", manifest.line, manifest.end_line)
            yield model.Hit(
                line,
                f"`{schedule}` is not a time that cron knows.",
                column=facts.column_of(subject.line(line), schedule),
            )


def sound(schedule: str) -> bool:
    """Whether Kubernetes would take the schedule; macros and time zones are taken on trust."""
    if schedule.startswith("@") or "=" in schedule or re.search(r"x{3,}|\$|\{", schedule):
        return True
    if len(schedule.split()) != FIELDS:
        return False
    try:
        next(cronsim.CronSim(schedule, ANY_DAY), None)
    except cronsim.CronSimError:
        return False
    return True


RULE = model.Rule(
    id="manifest/bad-schedule",
    severity=model.Severity.ERROR,
    summary="A CronJob whose schedule is not a cron expression.",
    why="The API server refuses the job; if it is the backup, there is none.",
    fix="Write five fields: minute, hour, day of month, month, day of week.",
    example=model.Example(
        bad="```yaml\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: cleaner}\nspec:\n"
        '  schedule: "0 25 * * *"\n```\n',
        good="```yaml\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: cleaner}\nspec:\n"
        '  schedule: "0 1 * * *"\n```\n',
    ),
    check=check,
)
