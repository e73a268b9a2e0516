"""Replicas set to nothing, and set back to a number from memory."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.checks.rules.meaning import scale_fights_autoscaler


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`--replicas=0`, later `--replicas=N`, and nothing noted the number before."""
    stopped: dict[tuple[str, str], int] = {}
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path != ("scale",):
            continue
        key = (found.procedure.id, scale_fights_autoscaler.target(command.operands))
        replicas = facts.flag(command, "--replicas") or ""
        text = facts.text_of(subject, found.procedure)
        if replicas == "0":
            stopped[key] = found.line
        elif key in stopped and replicas.isdigit() and ".spec.replicas" not in text:
            yield hits.of_command(
                found,
                f"Line {stopped[key]} sets it to 0 without noting how many there were; "
                f"{replicas} may be too few.",
            )


RULE = model.Rule(
    id="meaning/resume-value",
    severity=model.Severity.INFO,
    summary="Replicas set back to a number that was never noted.",
    why="After the repair the service runs with less than before, and falls over in the morning.",
    fix="Note it first: `N=$(kubectl get deployment/X -o jsonpath='{.spec.replicas}')`, and set "
    "`--replicas=$N`.",
    example=model.Example(
        bad="```bash\nkubectl scale deployment/desk --replicas=0\n"
        "kubectl scale deployment/desk --replicas=2\n```\n",
        good="```bash\nN=$(kubectl get deployment/desk -o jsonpath='{.spec.replicas}')\n"
        "kubectl scale deployment/desk --replicas=0\nkubectl scale deployment/desk --replicas=$N\n"
        "```\n",
    ),
    check=check,
)
