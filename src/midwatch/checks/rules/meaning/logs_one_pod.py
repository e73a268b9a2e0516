"""`kubectl logs deployment/x` reads one pod of it."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

OWNER = lazy.pattern(
    r"^(?:deploy(?:ments?)?|ds|daemonsets?|sts|statefulsets?|rs|replicasets?)(?:\.apps)?/(?P<name>.+)"
)

OPERATOR = lazy.pattern(r"operator\b")
ONE = lazy.pattern(r"^\S+\s+1/1\b|--replicas[= ]1\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Logs asked of the owner of many pods."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path[:1] != ("logs",):
            continue
        owner = OWNER.match(command.operands[0]) if command.operands else None
        if owner is None or facts.has_flag(command, "--all-pods"):
            continue
        if not alone(subject, owner["name"]):
            yield hits.of_command(
                found,
                f"`{command.operands[0]}` stands for one of its pods; the others are not read.",
            )


def alone(subject: model.Subject, name: str) -> bool:
    """Whether it has one pod: an operator, or what the document shows or scales as one."""
    if OPERATOR.search(name):
        return True
    return any(ONE.search(line[line.index(name) :]) for line in subject.lines if name in line)


RULE = model.Rule(
    id="meaning/logs-one-pod",
    severity=model.Severity.INFO,
    summary="`kubectl logs deployment/x` reads one pod.",
    why="The pod that fails may be another one: a saved log, an audit or a search over it misses "
    "most of what happened.",
    fix="Add `--all-pods=true --prefix` (kubectl 1.32), or use `-l app=… --tail=-1 --prefix`.",
    example=model.Example(
        bad="```bash\nkubectl logs deployment/sorter > sorter.log\n```\n",
        good="```bash\nkubectl logs -l app=sorter --tail=-1 --prefix > sorter.log\n```\n",
    ),
    check=check,
    doubt="Where there is one pod only, it is all the same.",
)
