"""A recovery that rebuilds everything and brings no data back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import facts, model
from midwatch.commands import model as commands

TITLE = re.compile(r"\brecover|\bdisaster|\brebuild", re.IGNORECASE)
BACK = re.compile(r"\brestor|\bbackup|\bsnapshot|\bimport\b|\bpg_restore|\bdump\b", re.IGNORECASE)
DATA = re.compile(r"\bback-?ups?\b|\bdatabase\b|\bstatefulset\b|\bpvc\b", re.IGNORECASE)
DESTROYS = re.compile(r"^#?\s*(?:\./)?\S*(?:destroy|teardown|wipe|nuke|delete)\S*\.(?:sh|py)\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """“Cluster recovery” that destroys and creates, and nothing else."""
    for procedure in subject.runbook.procedures:
        if not TITLE.search(procedure.title):
            continue
        destroys = [
            located.line
            for step in procedure.steps
            for located in step.commands
            if located.command.effect is commands.Effect.DESTROY
            or DESTROYS.match(located.command.text)
        ]
        text = facts.text_of(subject, procedure, after=procedure.line)
        creates = re.search(r"\bcreate\b|\bapply\b|\binstall\b|\bup\b", text)
        if destroys and creates and not BACK.search(text) and DATA.search(subject.text):
            yield model.Hit(
                procedure.line,
                f"“{procedure.title}” destroys on line {destroys[0]}, builds anew, and never "
                "restores what was stored.",
                end_line=procedure.end_line,
            )


RULE = model.Rule(
    id="safety/recovery-without-restore",
    severity=model.Severity.ERROR,
    summary="A recovery that rebuilds everything and brings no data back.",
    why="Followed to the letter it loses the data that the outage had left.",
    fix="Save what can be saved first, and add the restore as a step, with how to verify it.",
    example=model.Example(
        bad="The database is in the cluster.\n\n## Cluster recovery\n\n```bash\n"
        "terraform destroy\nterraform apply\n```\n",
        good="## Cluster recovery\n\n```bash\nterraform destroy\nterraform apply\n"
        "velero restore create --from-backup nightly --wait\n```\n",
    ),
    check=check,
)
