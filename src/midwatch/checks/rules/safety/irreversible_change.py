"""A change that cannot be taken back, without a trial before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy, shape
from midwatch.checks import facts, hits, model

STOPS = lazy.pattern(
    r"\bstop(?:ped|s|ping)?\b[^.\n]{0,40}\b(?:consumer|group|service|worker)|--replicas=0"
    r"|no active",
    re.IGNORECASE,
)
LARGER = lazy.pattern(r"storage", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """More partitions, offsets reset, a volume that grows."""
    for found in facts.found(subject):
        told = what(subject, found)
        if told:
            yield hits.of_command(found, told.message, fix=told.fix, severity=told.severity)


@shape.frozen
class Told:
    """What cannot be taken back, and what to do before."""

    message: str
    fix: str
    severity: model.Severity | None = None


def what(subject: model.Subject, found: facts.Found) -> Told | None:
    """What cannot be taken back here."""
    command = found.command
    given = set(command.flags)
    if command.tool == "kafka-topics" and {"--alter", "--partitions"} <= given:
        message = (
            "Partitions cannot become fewer again, and from now on keys go to other partitions: "
            "the order per key is lost."
        )
        return Told(message, "Make a new topic with more partitions, and move over.")
    if command.tool == "kafka-consumer-groups" and {"--reset-offsets", "--execute"} <= given:
        return offsets(subject, found)
    if command.tool == "kubectl" and command.path in {("edit",), ("patch",)}:
        kind = command.operands[0].partition("/")[0] if command.operands else ""
        near = "\n".join(subject.line(n) for n in range(found.step.fence_line - 2, found.line + 4))
        if kind in {"pvc", "persistentvolumeclaim"} and LARGER.search(near):
            message = (
                "A volume grows and never shrinks again, and not every storage class lets it grow."
            )
            fix = "Check `allowVolumeExpansion` of its storage class first."
            return Told(message, fix, model.Severity.INFO)
    return None


def offsets(subject: model.Subject, found: facts.Found) -> Told | None:
    """What is missing before offsets are set."""
    before = "\n".join(subject.line(n) for n in range(found.procedure.line, found.step.line))
    missing = []
    if "--dry-run" not in before:
        missing.append("no `--dry-run` shows the offsets before")
    if not STOPS.search(before):
        missing.append("the group's consumers still run, and Kafka refuses while they do")
    if not missing:
        return None
    fix = "Stop the consumers, run it with `--dry-run`, note the offsets, then `--execute`."
    return Told(f"The offsets are set, and {', and '.join(missing)}.", fix)


RULE = model.Rule(
    id="safety/irreversible-change",
    severity=model.Severity.WARNING,
    summary="A change that cannot be taken back, without a trial before it.",
    why="There is no undo: a wrong number stays, or is paid for with a rebuild.",
    fix="Try it without effect first (`--dry-run`), note what is there now, and say that there "
    "is no "
    "way back.",
    example=model.Example(
        bad="```bash\nkafka-topics.sh --bootstrap-server k:9092 --alter --topic lanes "
        "--partitions 48\n```\n",
        good="```bash\nkafka-topics.sh --bootstrap-server k:9092 --create --topic lanes-48 "
        "--partitions 48\n```\n",
    ),
    check=check,
)
