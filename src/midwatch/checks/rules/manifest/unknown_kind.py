"""A kind of Kubernetes' own under an API version that does not have it."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import kubernetes_hits, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kind: Ingress` with `apiVersion: v1`, and the like."""
    return kubernetes_hits.of(subject, kubernetes_hits.Problem.UNKNOWN_KIND)


RULE = model.Rule(
    id="manifest/unknown-kind",
    severity=model.Severity.ERROR,
    summary="A kind under an API version that does not have it.",
    why="`kubectl apply` answers “no matches for kind”, and nothing is applied.",
    fix="Write the API version that has the kind; `kubectl api-resources` lists them.",
    example=model.Example(
        bad="```yaml\napiVersion: v1\nkind: Deployment\nmetadata:\n  name: sorter\n```\n",
        good="```yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: sorter\n```\n",
    ),
    check=check,
    doubt="Only kinds of Kubernetes itself under groups of Kubernetes itself are judged.",
)
