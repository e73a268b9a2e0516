"""More is restarted than the text says."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
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

STOPS = lazy.pattern(
    r"\b(?:reboot|shutdown|poweroff|state=(?:re)?(?:started|stopped)|restart|stop)\b"
)
LIMITS = ("-l", "--limit", "-f", "--forks")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rollout restart deployment` without a name, `ansible all` with a restart."""
    for found in facts.found(subject):
        command = found.command
        if command.tool == "ansible" and command.operands[:1] in {("all",), ("*",)}:
            if STOPS.search(command.text) and not facts.has_flag(command, *LIMITS):
                yield hits.of_command(
                    found,
                    "Every machine of the inventory goes down, five at a time, whatever it does.",
                    fix="Name the group (`--limit`), and go one by one: `--forks 1`.",
                    severity=model.Severity.WARNING,
                )
            continue
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
    summary="A restart of every workload in the namespace, or of every machine.",
    why="Services that were well go down too, all at the same time, and the evidence goes with "
    "them.",
    fix="Name what is ill: `kubectl rollout restart deployment/NAME`.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart deployment -n parcels\n```\n",
        good="```bash\nkubectl rollout restart deployment/sorter -n parcels\n```\n",
    ),
    check=check,
)
