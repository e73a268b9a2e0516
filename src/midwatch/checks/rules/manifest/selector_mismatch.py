"""A workload that does not select its own pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from midwatch.checks import facts, manifests, model

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A `matchLabels` that the template's labels do not satisfy."""
    for manifest in manifests.read(subject):
        wanted = manifests.at(manifest.data, "spec", "selector", "matchLabels")
        labels = manifests.at(manifest.data, "spec", "template", "metadata", "labels")
        if manifest.kind not in WORKLOADS:
            continue
        if not isinstance(wanted, Mapping) or not isinstance(labels, Mapping):
            continue  # an excerpt
        missing = [f"{key}: {value}" for key, value in wanted.items() if labels.get(key) != value]
        if missing:
            yield model.Hit(
                facts.line_of(subject, "matchLabels", manifest.line, manifest.end_line),
                f"{manifest.kind} `{manifest.name}` selects `{missing[0]}`, which its own pods "
                "do not carry.",
            )


RULE = model.Rule(
    id="manifest/selector-mismatch",
    severity=model.Severity.ERROR,
    summary="A workload whose selector does not match its template's labels.",
    why="The API server refuses it: “selector does not match template labels”.",
    fix="Give the template the labels that the selector names.",
    example=model.Example(
        bad="```yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sorter}\nspec:\n"
        "  selector: {matchLabels: {app: sorter}}\n"
        "  template: {metadata: {labels: {app: sort}}}\n```\n",
        good="```yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sorter}\nspec:\n"
        "  selector: {matchLabels: {app: sorter}}\n"
        "  template: {metadata: {labels: {app: sorter}}}\n```\n",
    ),
    check=check,
)
