"""Work that goes on in the background, looked at as if it were done."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model

STARTS: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {
    ("velero", ("backup", "create")): ("--wait",),
    ("velero", ("restore", "create")): ("--wait",),
    ("aws", ("rds", "create-db-snapshot")): (),
    ("aws", ("rds", "restore-db-instance-from-db-snapshot")): (),
    ("aws", ("ec2", "create-snapshot")): (),
}


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A backup that is started and not waited for."""
    for found in facts.found(subject):
        words = facts.words(found.command)
        flags = STARTS.get((str(found.command.tool), tuple(words[1:3])))
        if flags is None or facts.has_flag(found.command, *flags, "-w"):
            continue
        text = facts.text_of(subject, found.procedure, after=found.line)
        if " wait " not in f" {text} " and "--wait" not in text:
            yield hits.of_command(
                found,
                f"`{hits.short(found.command.text, 40)}` only starts the work; what follows "
                "finds it "
                "half done.",
            )


RULE = model.Rule(
    id="safety/not-awaited",
    severity=model.Severity.INFO,
    summary="Work that goes on in the background, looked at as if it were done.",
    why="The upgrade begins while the backup is still being made, and the backup is of the new "
    "state.",
    fix="Add `--wait`, or `aws … wait …`, and look at how it ended.",
    example=model.Example(
        bad="```bash\nvelero backup create parcels --include-namespaces parcels\n```\n",
        good="```bash\nvelero backup create parcels --include-namespaces parcels --wait\n```\n",
    ),
    check=check,
)
