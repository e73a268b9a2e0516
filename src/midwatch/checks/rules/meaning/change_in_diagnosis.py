"""A change to the live system under a heading that promises to look."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

FILLS = lazy.pattern(r"\bof=(?!/dev/null)(?P<file>\S+)")
FIRES = lazy.pattern(r"/(?:publish|events?|messages?|orders|topics|jobs|enqueue|send)\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`dd` into the live volume, a message published, in diagnosis."""
    for found in facts.found(subject):
        command = found.command
        if found.step.phase is not runbooks.Phase.DIAGNOSE or not found.step.fence_line:
            continue
        fills = FILLS.search(command.text) if command.tool == "dd" else None
        if fills and f"rm {fills['file']}" not in subject.text:
            yield hits.of_command(found, f"The test writes `{fills['file']}` and never removes it.")
        elif command.tool == "curl" and command.effect is not commands.Effect.READ:
            posts = (facts.flag(command, "-X", "--request") or "").strip("'\"").upper() == "POST"
            if posts and FIRES.search(" ".join(command.operands)):
                yield hits.of_command(
                    found, "The test sends a made-up message to where the real ones go."
                )


RULE = model.Rule(
    id="meaning/change-in-diagnosis",
    severity=model.Severity.WARNING,
    summary="A change to the live system where one only meant to look.",
    why="The made-up message is processed, the full disk gets fuller: the diagnosis adds to the "
    "incident.",
    fix="Use a topic, a queue or a place made for tests, and clean up in the same step.",
    example=model.Example(
        bad="**Diagnosis**:\n\n```bash\nkubectl exec sorter-0 -- dd if=/dev/zero of=/data/probe "
        "bs=1M count=64\n```\n",
        good="**Diagnosis**:\n\n```bash\nkubectl exec sorter-0 -- sh -c 'dd if=/dev/zero "
        "of=/data/probe bs=1M count=64 oflag=direct; rm /data/probe'\n```\n",
    ),
    check=check,
)
