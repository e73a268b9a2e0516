"""A command without the argument that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, known, model

NEEDED = {
    ("python", ("manage.py", "loaddata")): (1, "a fixture", "loaddata --format=json -"),
    ("kubectl", ("exec",)): (1, "a pod", "kubectl exec POD -- COMMAND"),
    ("kubectl", ("drain",)): (1, "a node", "kubectl drain NODE"),
    ("kubectl", ("cordon",)): (1, "a node", "kubectl cordon NODE"),
    ("kubectl", ("delete",)): (1, "what to delete", "kubectl delete KIND NAME"),
    ("kubectl", ("scale",)): (1, "what to scale", "kubectl scale KIND/NAME --replicas=N"),
    ("kubectl", ("rollout", "restart")): (1, "what to restart", "rollout restart KIND/NAME"),
    ("velero", ("restore", "create")): (0, "a backup", "--from-backup NAME"),
}
INSTEAD = ("-f", "--filename", "-k", "--kustomize", "-l", "--selector", "--all", "-h", "--help")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command with fewer arguments than its tool insists on."""
    for found in facts.found(subject):
        command = found.command
        needed = NEEDED.get((str(command.tool), command.path))
        if needed is None or len(command.operands) >= needed[0]:
            continue
        if known.open_ended(command) or facts.has_flag(command, *INSTEAD):
            continue
        if found.step.fence_line == 0:
            continue
        name = " ".join((str(command.tool), *command.path))
        yield hits.of_command(found, f"`{name}` needs {needed[1]}.", fix=f"Write `{needed[2]}`.")


RULE = model.Rule(
    id="command/missing-argument",
    severity=model.Severity.ERROR,
    summary="A command without an argument that it insists on.",
    why="The tool prints its usage and does nothing; what is piped into it is never read.",
    fix="Name what the command is for.",
    example=model.Example(
        bad="```bash\npython manage.py loaddata < tickets.json\n```\n",
        good="```bash\npython manage.py loaddata --format=json - < tickets.json\n```\n",
    ),
    check=check,
)
