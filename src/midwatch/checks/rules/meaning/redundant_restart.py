"""A restart of what has just been rolled out anew."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`set env`, `set image` or a patch of a deployment, and then `rollout restart`."""
    changed: tuple[str, facts.Found] | None = None
    for found in facts.found(subject, "kubectl"):
        command = found.command
        name = named(command)
        if changed and changed[1].procedure is not found.procedure:
            changed = None
        if command.path in {("set", "env"), ("set", "image"), ("set", "resources"), ("patch",)}:
            changed = (name, found) if rolls(command) else changed
        elif command.path == ("rollout", "restart") and changed:
            every = "/" not in "".join(command.operands) and len(command.operands) == 1
            if name == changed[0] or every:
                yield hits.of_command(
                    found,
                    f"Line {changed[1].line} already rolls its pods out anew; this does it again"
                    + (", and for every other deployment too." if every else "."),
                )
            changed = None


def rolls(command: commands.Command) -> bool:
    """Whether a command changes a pod template."""
    kind = command.operands[0].partition("/")[0] if command.operands else ""
    if command.path == ("patch",):
        return kind in {"deployment", "deploy", "statefulset", "sts"} and "template" in command.text
    return kind in {"deployment", "deploy", "statefulset", "sts", "deployments"}


def named(command: commands.Command) -> str:
    """What a command is about, as kind/name."""
    operands = command.operands
    if operands and "/" in operands[0]:
        return operands[0]
    return "/".join(operands[:2])


RULE = model.Rule(
    id="meaning/redundant-restart",
    severity=model.Severity.INFO,
    summary="A restart of what has just been rolled out anew.",
    why="Every pod goes down twice within a minute, and twice as many connections are opened.",
    fix="Leave the restart out, and wait with `kubectl rollout status`.",
    example=model.Example(
        bad="```bash\nkubectl set env deployment/desk POOL=40\n"
        "kubectl rollout restart deployment/desk\n```\n",
        good="```bash\nkubectl set env deployment/desk POOL=40\n"
        "kubectl rollout status deployment/desk --timeout=5m\n```\n",
    ),
    check=check,
)
