"""A kind of object that the sub-command does not work on."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

POD = frozenset({"pod", "pods", "po"})
DAEMON = frozenset({"daemonset", "daemonsets", "ds"})
SERVICE = frozenset({"service", "services", "svc"})
CONFIG = frozenset({"configmap", "configmaps", "cm", "secret", "secrets"})
JOBS = frozenset({"job", "jobs", "cronjob", "cronjobs", "cj"})
REFUSED = {
    ("rollout", "restart"): POD | SERVICE | CONFIG | JOBS,
    ("rollout", "undo"): POD | SERVICE | CONFIG | JOBS,
    ("rollout", "status"): POD | SERVICE | CONFIG | JOBS,
    ("rollout", "history"): POD | SERVICE | CONFIG | JOBS,
    ("scale",): POD | DAEMON | SERVICE | CONFIG | JOBS,
    ("autoscale",): POD | DAEMON | SERVICE | CONFIG,
    ("set", "image"): SERVICE | CONFIG,
    ("cordon",): POD | SERVICE,
    ("drain",): POD | SERVICE,
}
INSTEAD = {"rollout": "Restart what owns it: `rollout restart deployment/NAME`."}


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl rollout restart pod/x`, `kubectl scale daemonset x`."""
    for found in facts.found(subject):
        kind = refused(found.command)
        if kind:
            name = " ".join(found.command.path)
            yield hits.of_command(
                found,
                f"`{found.command.tool} {name}` does not work on a {kind}.",
                fix=INSTEAD.get(found.command.path[0], ""),
            )


def refused(command: commands.Command) -> str:
    """The kind that the sub-command refuses; nothing where it takes it."""
    if command.tool not in {"kubectl", "oc"} or not command.operands:
        return ""
    kind, slash, _ = command.operands[0].partition("/")
    named = slash or len(command.operands) > 1
    return kind if named and kind.lower() in REFUSED.get(command.path, frozenset()) else ""


RULE = model.Rule(
    id="command/unsupported-kind",
    severity=model.Severity.ERROR,
    summary="A kind of object that the sub-command does not work on.",
    why="The command is refused, and the pod that was to be restarted goes on as it was.",
    fix="Name what owns it, such as the deployment.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart pod/sorter-0\n```\n",
        good="```bash\nkubectl rollout restart statefulset/sorter\n```\n",
    ),
    check=check,
)
