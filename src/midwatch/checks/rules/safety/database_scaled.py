"""A database scaled as if it were a web server."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.checks.rules.meaning import scale_fights_autoscaler

STORES = lazy.pattern(
    r"^(?:\w+-)*(?:postgres(?:ql)?|mysql|mariadb|mssql|oracle|redis|mongo(?:db)?|sqlite)(?:-(?:db|primary|master|server))?$"
)
OPERATED = lazy.pattern(
    r"\b(?:operator|patroni|stolon|crunchy|zalando|cloudnative|cnpg|replica set|bitnami|percona)\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl scale statefulset postgres --replicas=2`."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path != ("scale",):
            continue
        replicas = facts.flag(command, "--replicas") or ""
        name = scale_fights_autoscaler.target(command.operands)
        if not replicas.isdigit() or int(replicas) < 2 or not STORES.match(name):  # noqa: PLR2004
            continue
        operated = OPERATED.search(subject.text)
        yield hits.of_command(
            found,
            f"Without replication set up, a second `{name}` is a second database with its own "
            "data, not a replica of the first.",
            severity=model.Severity.INFO if operated else None,
        )


RULE = model.Rule(
    id="safety/database-scaled",
    severity=model.Severity.WARNING,
    summary="A database scaled as if it were a web server.",
    why="The service spreads the connections over two databases that know nothing of each other: "
    "writes are split, and half of the reads find nothing.",
    fix="Set up replication, or let an operator do it (CloudNativePG, Patroni), and scale that.",
    example=model.Example(
        bad="```bash\nkubectl scale statefulset mysql --replicas=3\n```\n",
        good="```bash\nkubectl cnpg status desk-db\n```\n",
    ),
    check=check,
)
