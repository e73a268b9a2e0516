"""More is restarted than the text says."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model

KINDS = frozenset(
    [
        "deployment",
        "deployments",
        "deploy",
        "statefulset",
        "statefulsets",
        "sts",
        "daemonset",
        "daemonsets",
        "ds",
    ]
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rollout restart deployment` without a name."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path != ("rollout", "restart"):
            continue
        if facts.has_flag(command, "-l", "--selector", "-f", "--filename", "-k"):
            continue
        if len(command.operands) == 1 and command.operands[0] in KINDS:
            place = facts.flag(command, "-n", "--namespace") or "the current namespace"
            yield hits.of_command(
                found, f"Without a name, every {command.operands[0]} in {place} restarts."
            )


RULE = model.Rule(
    id="safety/restarts-everything",
    severity=model.Severity.INFO,
    summary="A restart of every workload in the namespace.",
    why="Services that were well go down too, all at the same time, and the evidence goes with "
    "them.",
    fix="Name what is ill: `kubectl rollout restart deployment/NAME`.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart deployment -n parcels\n```\n",
        good="```bash\nkubectl rollout restart deployment/sorter -n parcels\n```\n",
    ),
    check=check,
)
