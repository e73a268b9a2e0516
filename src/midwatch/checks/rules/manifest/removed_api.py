"""Kubernetes APIs that newer clusters do not serve."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from midwatch.checks import facts, kubernetes_removals, manifests, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A manifest of a removed API, or a command that asks for one."""
    for manifest in manifests.read(subject):
        removal = kubernetes_removals.of_object(manifest.api, manifest.kind)
        if removal is not None:
            line = facts.line_of(subject, r"^\W*apiVersion:", manifest.line, manifest.end_line)
            hit = told(line, f"`{manifest.api}` {manifest.kind}", removal)
            column = facts.column_of(subject.line(line), manifest.api)
            end = column + len(manifest.api)
            change = model.Replacement(line, column, line, end, removal.same_shape)
            yield dataclasses.replace(
                hit,
                column=column,
                end_column=end,
                replacement=change if removal.same_shape else None,
            )
    for command in facts.found(subject, "kubectl"):
        for resource in resources(command.command.operands):
            removal = kubernetes_removals.of_resource(resource)
            if removal is not None:
                yield told(command.line, f"The resource `{resource}`", removal, command.column)


def resources(operands: tuple[str, ...]) -> Iterator[str]:
    """The resource types that a command's operands name: `pods,psp`, `psp/restricted`."""
    for operand in operands[:1]:
        for each in operand.split(","):
            yield each.partition("/")[0]


def told(line: int, what: str, removal: kubernetes_removals.Removal, column: int = 1) -> model.Hit:
    """What is told of a removed API."""
    instead = f"Use {removal.instead}." if removal.instead else "Nothing takes its place by name."
    return model.Hit(
        line, f"{what} was removed in Kubernetes {removal.release}.", fix=instead, column=column
    )


RULE = model.Rule(
    id="manifest/removed-api",
    severity=model.Severity.ERROR,
    summary="A Kubernetes API that newer clusters do not serve.",
    why="The command answers “the server doesn't have a resource type” or “no matches for kind”, "
    "and the step it belongs to cannot be done.",
    fix="Use the API that took its place.",
    example=model.Example(
        bad="```yaml\napiVersion: batch/v1beta1\nkind: CronJob\n```\n",
        good="```yaml\napiVersion: batch/v1\nkind: CronJob\n```\n",
    ),
    check=check,
    doubt="A cluster older than the release named still serves it.",
)
