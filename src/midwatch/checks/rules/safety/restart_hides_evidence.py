"""A restart or rollback first, and the look at the logs after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

INCIDENT = lazy.pattern(
    r"outage|incident|emergenc|\bdown\b|not responding|unreachable|crash", re.IGNORECASE
)
RESTARTS = {("rollout", "restart"), ("rollout", "undo"), ("restart",)}
LOGS = lazy.pattern(
    r"\blogs?\b|journalctl|describe|events|dmesg|core dump|heap dump", re.IGNORECASE
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An emergency procedure whose restart comes before anything was saved."""
    for procedure in subject.runbook.procedures:
        if not any(map(INCIDENT.search, procedure.heading_path)):
            continue
        for step in procedure.steps:
            restarts = next(
                (c for c in step.commands if c.command.path in RESTARTS and gathers(c.command)),
                None,
            )
            if restarts is None:
                continue
            before = "\n".join(subject.line(n) for n in range(procedure.line + 1, restarts.line))
            if not LOGS.search(before):
                found = facts.Found(
                    restarts.command, restarts.line, restarts.column, step, procedure
                )
                yield hits.of_command(
                    found,
                    "What the old pods logged and held in memory is gone after this, and "
                    "nothing above saves it.",
                )
            break


def gathers(command: commands.Command) -> bool:
    """Whether it is a restart of programs that log."""
    return command.tool in {"kubectl", "oc", "docker", "docker-compose", "systemctl"}


RULE = model.Rule(
    id="safety/restart-hides-evidence",
    severity=model.Severity.INFO,
    summary="A restart first, and the look at the logs after it.",
    why="The outage ends and comes back tomorrow, and nobody knows why.",
    fix="Save the logs first: `kubectl logs --previous`, `kubectl describe`, a thread dump.",
    example=model.Example(
        bad="## Outage\n\n```bash\nkubectl rollout restart deployment/desk\n```\n",
        good="## Outage\n\n```bash\nkubectl logs deployment/desk --all-pods > desk.log\n"
        "kubectl rollout restart deployment/desk\n```\n",
    ),
    check=check,
)
