"""All pods of a service deleted at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

STORES = lazy.pattern(
    r"\b(?:redis|dragonfly|postgres\w*|mysql|mariadb|mongo\w*|kafka|nats|rabbitmq|elastic\w*|etcd|scylla|"
    r"cassandra|clickhouse|zookeeper|consul|vault|minio|memcached)\b",
    re.IGNORECASE,
)
HELPERS = lazy.pattern(
    r"operator|controller|agent|proxy|manager|webhook|scheduler|exporter|csi|collector|daemon|node"
)
PODS = frozenset({"pod", "pods", "po"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl delete pod -l …` and `--all`."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path != ("delete",):
            continue
        if not command.operands or command.operands[0] not in PODS:
            continue
        label = facts.flag(command, "-l", "--selector")
        every = facts.has_flag(command, "--all")
        failed = "--field-selector" in command.text and "status.phase" in command.text
        if failed or not (label or every):
            continue
        store = STORES.search(label or "")
        yield hits.of_command(
            found,
            f"All pods of `{label or 'the namespace'}` go at the same moment"
            + (f", and `{store.group()}` holds data in them." if store else ", not one by one."),
            fix=f"Roll them: `{command.tool} rollout restart KIND/NAME`.",
            severity=weight(label or "", held=bool(store)),
        )


def weight(label: str, *, held: bool) -> model.Severity | None:
    """How bad it is: worst for what holds data, least for what nobody calls."""
    if held:
        return model.Severity.ERROR
    return model.Severity.INFO if HELPERS.search(label) else None


RULE = model.Rule(
    id="safety/delete-by-label",
    severity=model.Severity.WARNING,
    summary="All pods of a service deleted at once.",
    why="No request is answered until the first new pod is ready; what they held in memory is "
    "gone.",
    fix="Roll them: `kubectl rollout restart KIND/NAME`.",
    example=model.Example(
        bad="```bash\nkubectl delete pod -l app=desk -n tickets\n```\n",
        good="```bash\nkubectl rollout restart deployment/desk -n tickets\n```\n",
    ),
    check=check,
    doubt="Pods of a daemon that nobody calls may all go at once.",
)
