"""YAML that no tool would read."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import manifests, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A YAML block or a manifest in a here-document that does not parse."""
    for fault in manifests.faults(subject):
        yield model.Hit(fault.line, f"This is not YAML: {fault.message}.")


RULE = model.Rule(
    id="manifest/invalid-yaml",
    severity=model.Severity.ERROR,
    summary="YAML that does not parse.",
    why="`kubectl apply` refuses the whole file, in the middle of the procedure that needs it.",
    fix="Paste what a parser accepts; `kubectl apply --dry-run=client -f -` tells.",
    example=model.Example(
        bad="```yaml\nmetadata:\n  name: sorter\n labels: {app: sorter}\n```\n",
        good="```yaml\nmetadata:\n  name: sorter\n  labels: {app: sorter}\n```\n",
    ),
    check=check,
    doubt="Templates and blocks with `...` are left alone.",
)
