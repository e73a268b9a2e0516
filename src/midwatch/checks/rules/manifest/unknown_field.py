"""A field that a Kubernetes kind does not have."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import kubernetes_hits, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A key that is no field of its place; a manifest that is only shown is told as `warning`."""
    return kubernetes_hits.of(subject, kubernetes_hits.Problem.UNKNOWN_FIELD)


RULE = model.Rule(
    id="manifest/unknown-field",
    severity=model.Severity.ERROR,
    summary="A field that a Kubernetes kind does not have.",
    why="`kubectl apply` refuses the manifest (“strict decoding error: unknown field”); older "
    "clients drop the field, and what it was to set is never set.",
    fix="Write the field that the kind has; `kubectl explain deployment.spec` lists them.",
    example=model.Example(
        bad="```bash\nkubectl apply -f - <<EOF\napiVersion: v1\nkind: Service\n"
        "metadata:\n  name: sorter\nspec:\n  selectors:\n    app: sorter\n"
        "  ports:\n  - port: 80\nEOF\n```\n",
        good="```bash\nkubectl apply -f - <<EOF\napiVersion: v1\nkind: Service\n"
        "metadata:\n  name: sorter\nspec:\n  selector:\n    app: sorter\n"
        "  ports:\n  - port: 80\nEOF\n```\n",
    ),
    check=check,
    doubt="A field newer than the Kubernetes release that Midwatch knows looks the same. Kinds "
    "that are not Kubernetes' own, and templates, are left alone.",
)
