"""A sub-command or a tool that is gone, or that never was under this name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import facts, hits, known, model
from midwatch.commands import model as commands

OLD_FLAGS = (
    (
        "kubectl",
        ("drain",),
        "--delete-local-data",
        "removed in kubectl 1.27",
        "--delete-emptydir-data",
    ),
    ("kubectl", ("get",), "--export", "removed in kubectl 1.18", "-o yaml"),
    ("kubectl", ("run",), "--generator", "removed in kubectl 1.21", "kubectl create"),
    ("helm", ("install",), "--name", "removed in Helm 3", "helm install NAME CHART"),
    ("helm", ("delete",), "--purge", "removed in Helm 3", "helm uninstall NAME"),
    ("kafka-topics", (), "--zookeeper", "removed in Kafka 3.0", "--bootstrap-server"),
    ("kafka-consumer-groups", (), "--zookeeper", "removed in Kafka 2.0", "--bootstrap-server"),
    ("kafka-console-consumer", (), "--zookeeper", "removed in Kafka 2.0", "--bootstrap-server"),
    ("kafka-console-producer", (), "--broker-list", "removed in Kafka 4.0", "--bootstrap-server"),
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command or flag that tools of today no longer have."""
    for found in facts.found(subject):
        command = found.command
        entry = known.entry(command)
        if entry is not None and entry.removed:
            name = " ".join((str(command.tool), *command.path))
            yield hits.of_command(found, f"`{name}` does not work: {entry.removed}.")
        yield from old_flags(found, command)


def old_flags(found: facts.Found, command: commands.Command) -> Iterator[model.Hit]:
    """Flags that are gone, each with what replaced it."""
    for tool, path, flag, when, instead in OLD_FLAGS:
        if command.tool == tool and command.path[: len(path)] == path:
            if tool == "kubectl" and not re.search(rf"{flag}\b", command.text):
                continue
            if flag in command.flags:
                severity = None if tool in {"kubectl", "helm"} else model.Severity.WARNING
                yield hits.of_command(
                    found,
                    f"`{flag}` was {when}.",
                    part=flag,
                    fix=f"Write `{instead}` instead.",
                    severity=severity,
                )


RULE = model.Rule(
    id="command/removed",
    severity=model.Severity.ERROR,
    summary="A sub-command or flag that the tools of today no longer have.",
    why="It worked when the page was written, and fails on the machine of whoever is called.",
    fix="Write what replaced it.",
    example=model.Example(
        bad="```bash\nkubectl drain node-3 --delete-local-data\n```\n",
        good="```bash\nkubectl drain node-3 --delete-emptydir-data\n```\n",
    ),
    check=check,
    doubt="A machine that still carries the old release runs it.",
)
