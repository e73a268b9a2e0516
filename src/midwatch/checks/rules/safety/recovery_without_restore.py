"""A recovery that rebuilds everything and brings no data back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.commands import model as commands

TITLE = lazy.pattern(r"\brecover|\bdisaster|\brebuild", re.IGNORECASE)
WHOLE = lazy.pattern(r"\b(?:cluster|environment|platform|site|region|disaster)\b", re.IGNORECASE)
"""What held data goes as a whole, by title or command; no index, no queue, no free space."""
BACK = lazy.pattern(
    r"\brestor|\bback-?up|\bsnapshot|\bimport\b|\bpg_restore|\bdump\b|\bre-?index|\breplay|"
    r"\bre-?populat|\breplica|\bseed",
    re.IGNORECASE,
)
DATA = lazy.pattern(r"\bback-?ups?\b|\bdatabase\b|\bstatefulset\b|\bpvc\b", re.IGNORECASE)
WIPES = lazy.pattern(
    r"\bcluster\b|\bterraform\s+destroy\b|\b(?:delete|rm)\s+(?:namespace|ns|pvc)\b"
)
DESTROYS = lazy.pattern(r"^#?\s*(?:\./)?\S*(?:destroy|teardown|wipe|nuke|delete)\S*\.(?:sh|py)\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """“Cluster recovery” that destroys and creates, and nothing else."""
    for procedure in subject.runbook.procedures:
        if not TITLE.search(procedure.title):
            continue
        destroys = [
            located
            for step in procedure.steps
            for located in step.commands
            if located.command.effect is commands.Effect.DESTROY
            or DESTROYS.match(located.command.text)
        ]
        titled = WHOLE.search(procedure.title)
        if not titled and not any(WIPES.search(located.command.text) for located in destroys):
            continue
        text = facts.text_of(subject, procedure, after=procedure.line)
        creates = re.search(r"\bcreate\b|\bapply\b|\binstall\b|\bup\b", text)
        if destroys and creates and not BACK.search(text) and DATA.search(subject.text):
            yield model.Hit(
                procedure.line,
                f"“{procedure.title}” destroys on line {destroys[0].line}, builds anew, and never "
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
