"""A database that keeps its data in a container that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

STORES = lazy.pattern(
    r"(?:^|/)(?:postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|cassandra|scylla|elasticsearch|"
    r"opensearch|clickhouse-server|rabbitmq|kafka|zookeeper|etcd|neo4j|cockroach)(?=[:@-]|$)"
)

CLIENT = lazy.pattern(r"\b(?:sleep|tail|psql|pg_dump|mysqldump|mongosh|mongodump|redis-cli)\b")
"""What is run in the image of a database and is none."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A Deployment of a database image whose containers mount nothing."""
    for manifest in manifests.read(subject):
        if manifest.kind not in {"Deployment", "ReplicaSet"}:
            continue
        for container in manifests.containers(manifest.data):
            image = str(container.get("image", ""))
            runs = f"{container.get('command', '')} {container.get('args', '')}"
            kept = container.get("volumeMounts") or CLIENT.search(runs)
            if STORES.search(image) and not kept:
                line = facts.line_of(subject, r"^\W*kind:", manifest.line, manifest.end_line)
                yield model.Hit(
                    line,
                    f"{manifest.kind} `{manifest.name}` runs `{image}` without a volume: each "
                    "restart begins with an empty database.",
                )


RULE = model.Rule(
    id="manifest/stateful-as-deployment",
    severity=model.Severity.ERROR,
    summary="A database in a Deployment that mounts no volume.",
    why="The data is gone with the pod, replicas have no identity to follow or be followed by, "
    "and a rolling update runs two servers at once.",
    fix="Use a StatefulSet with `volumeClaimTemplates`, or the database's operator.",
    example=model.Example(
        bad="```yaml\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
        "      - image: mysql:8.4\n```\n",
        good="```yaml\nkind: StatefulSet\nspec:\n  volumeClaimTemplates: [...]\n```\n",
    ),
    check=check,
    doubt="A throw-away database for tests.",
)
