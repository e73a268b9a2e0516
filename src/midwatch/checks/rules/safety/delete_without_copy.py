"""A setting of the cluster deleted, with no copy and no way back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

KINDS = frozenset(
    [
        "networkpolicy",
        "netpol",
        "ingress",
        "service",
        "svc",
        "configmap",
        "cm",
        "secret",
        "role",
        "rolebinding",
        "clusterrole",
        "clusterrolebinding",
        "hpa",
        "pdb",
        "storageclass",
        "crd",
        "validatingwebhookconfiguration",
        "mutatingwebhookconfiguration",
    ]
)
APPLIES = lazy.pattern(r"\b(?:apply|create|replace)\s+(?:\S+\s+)*-[fk]\b")
KEPT = lazy.pattern(
    r"-o\s*=?\s*ya?ml|\bgit\b|\bback(?:ed)?[\s-]?up|restor|re-?create|rollback", re.IGNORECASE
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl delete networkpolicy X`, which nothing saves or makes again."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path != ("delete",):
            continue
        kind, _, name = command.operands[0].partition("/") if command.operands else ("", "", "")
        name = name or (command.operands[1] if len(command.operands) > 1 else "")
        every = facts.has_flag(command, "--all") and len(command.operands) == 1
        if kind not in KINDS or name.startswith(("<", "$")) or not (name or every):
            continue
        text = facts.text_of(subject, found.procedure)
        if KEPT.search(text) or (name and re.search(rf"create\b[^\n]*\b{re.escape(name)}", text)):
            continue
        what = f"Every {kind} there" if every else f"`{kind}/{name}`"
        lost = (
            "of what the files below do not hold"
            if every and APPLIES.search(text)
            else "of it and no step that makes it again"
        )
        file = "all" if every else name
        yield hits.of_command(
            found,
            f"{what} is gone after this, with no copy {lost}.",
            fix=f"Save it first: `{command.tool} get {f'{kind} {name}'.strip()} -o yaml > "
            f"{file}.yaml`.",
            severity=model.Severity.WARNING if every else None,
        )


RULE = model.Rule(
    id="safety/delete-without-copy",
    severity=model.Severity.INFO,
    summary="A setting of the cluster deleted, with no copy and no way back.",
    why="When the incident is over nobody knows what it said.",
    fix="Save it first: `kubectl get KIND NAME -o yaml > NAME.yaml`, and say when to put it back.",
    example=model.Example(
        bad="```bash\nkubectl delete networkpolicy lanes-open\n```\n",
        good="```bash\nkubectl get networkpolicy lanes-open -o yaml > lanes-open.yaml\n"
        "kubectl delete networkpolicy lanes-open\n```\n",
    ),
    check=check,
)
