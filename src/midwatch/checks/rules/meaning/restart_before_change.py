"""A restart first, and then the change that it should pick up."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, model
from midwatch.commands import model as commands


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rollout restart`, then a change of a config map or secret, and no restart after it."""
    blocks: dict[int, list[facts.Found]] = {}
    for found in facts.found(subject, "kubectl"):
        if found.step.fence_line and not found.outer:
            blocks.setdefault(found.step.fence_line, []).append(found)
    for block in blocks.values():
        restarts = [at for at, f in enumerate(block) if restarted(f.command)]
        edits = [at for at, f in enumerate(block) if configures(f.command)]
        if restarts and edits and max(restarts) < min(edits):
            first, later = block[max(restarts)], block[min(edits)]
            yield model.Hit(
                first.line,
                f"The pods restart here, and what they should read is changed on line {later.line} "
                "only.",
                column=first.column,
                end_line=later.line,
            )


def restarted(command: commands.Command) -> bool:
    """Whether a command restarts pods."""
    return command.path == ("rollout", "restart")


def configures(command: commands.Command) -> bool:
    """Whether a command changes a config map or a secret."""
    if command.path not in {("patch",), ("edit",), ("replace",)}:
        return False
    kind = command.operands[0].partition("/")[0] if command.operands else ""
    return kind in {"configmap", "configmaps", "cm", "secret", "secrets"}


RULE = model.Rule(
    id="meaning/restart-before-change",
    severity=model.Severity.WARNING,
    summary="A restart first, and then the change that it should pick up.",
    why="Pods read a config map when they start: the new value is in nobody's hands, and the "
    "incident goes on.",
    fix="Change first, then restart, then look whether the new value arrived.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart deployment/desk\n"
        'kubectl patch configmap desk -p \'{"data":{"POOL":"40"}}\'\n```\n',
        good='```bash\nkubectl patch configmap desk -p \'{"data":{"POOL":"40"}}\'\n'
        "kubectl rollout restart deployment/desk\n```\n",
    ),
    check=check,
    doubt="Programs that watch a mounted file read the change by themselves.",
)
