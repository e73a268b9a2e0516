"""A value that a field of a Kubernetes kind does not take."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import kubernetes_hits, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A word that is not among those a field takes, or an amount that Kubernetes cannot read."""
    return kubernetes_hits.of(subject, kubernetes_hits.Problem.WRONG_VALUE)


RULE = model.Rule(
    id="manifest/wrong-value",
    severity=model.Severity.ERROR,
    summary="A value that a field of a Kubernetes kind does not take.",
    why="The API server refuses the manifest, or takes `512m` of memory for half a byte.",
    fix="Write one of the values that the field takes, amounts as `512Mi`, `0.5` or `250m`.",
    example=model.Example(
        bad="```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: sorter\nspec:\n"
        "  restartPolicy: never\n  containers:\n  - name: sorter\n"
        "    image: registry.example/sorter:1\n```\n",
        good="```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: sorter\nspec:\n"
        "  restartPolicy: Never\n  containers:\n  - name: sorter\n"
        "    image: registry.example/sorter:1\n```\n",
    ),
    check=check,
)
