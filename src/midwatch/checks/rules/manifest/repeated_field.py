"""A field that stands twice in one table of a manifest."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import kubernetes_hits, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A key of a Kubernetes kind that stands beside itself."""
    return kubernetes_hits.of(subject, kubernetes_hits.Problem.REPEATED_FIELD)


RULE = model.Rule(
    id="manifest/repeated-field",
    severity=model.Severity.ERROR,
    summary="A field that stands twice in one table of a manifest.",
    why="The later one wins and the earlier is dropped without a word: half of the variables, "
    "mounts or ports are missing in what runs.",
    fix="Put both into one.",
    example=model.Example(
        bad="```yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sorter\n"
        "  labels:\n    app: sorter\n  labels:\n    tier: belt\n```\n",
        good="```yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sorter\n"
        "  labels:\n    app: sorter\n    tier: belt\n```\n",
    ),
    check=check,
)
