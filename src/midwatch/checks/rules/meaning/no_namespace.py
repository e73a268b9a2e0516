"""A document that never says in which namespace."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

NAMED = lazy.pattern(
    r"\bset-context\b|\bkubens\b|\boc project\b|\bdefault namespace\b|--context\b|\bnamespace:"
)
CLUSTER = frozenset({"node", "nodes", "namespace", "ns", "pv", "clusterrole", "crd"})
SCOPES = ("-n", "--namespace", "-A", "--all-namespaces", "--context")
MANY = 3


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Changes by kubectl, none of which names a namespace."""
    plain = []
    first: facts.Found | None = None
    named = 0
    for found in facts.found(subject, "kubectl"):
        command = found.command
        if facts.has_flag(command, *SCOPES):
            named += facts.changes_world(command)
        elif facts.changes_world(command) and not set(command.operands) & CLUSTER:
            plain.append(found)
        if first is None and not facts.has_flag(command, *SCOPES) and command.operands:
            first = found
    if len(plain) >= MANY and not named and not NAMED.search(subject.text):
        yield hits.of_command(
            first or plain[0],
            f"None of the {len(plain)} commands that change something says in which namespace: it "
            "is whichever was used last.",
        )


RULE = model.Rule(
    id="meaning/no-namespace",
    severity=model.Severity.INFO,
    summary="A document whose changes name no namespace and no context.",
    why="They act on whatever cluster and namespace the operator used last, which may be another "
    "team's.",
    fix="Add `-n NAMESPACE`, or begin with `kubectl config set-context --current --namespace=…`.",
    example=model.Example(
        bad="```bash\nkubectl scale deployment/desk --replicas=0\nkubectl delete pod desk-0\n"
        "kubectl rollout restart deployment/gate\n```\n",
        good="```bash\nkubectl -n tickets scale deployment/desk --replicas=0\n```\n",
    ),
    check=check,
)
