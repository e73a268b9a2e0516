"""How a rule tells of what is wrong in a manifest or a patch."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import (
    kubernetes_faults,
    kubernetes_object,
    kubernetes_patches,
    model,
)

Problem = kubernetes_object.Problem


def of(subject: model.Subject, problem: Problem) -> Iterator[model.Hit]:
    """What is told of one sort of problem, in manifests and in patches."""
    for fault in (*kubernetes_faults.read(subject), *kubernetes_patches.read(subject)):
        if fault.problem is problem:
            yield hit(fault)


def hit(found: kubernetes_object.Fault) -> model.Hit:
    """What is told of a fault at its place, with the change that mends it where one is safe."""
    shown = found.problem is Problem.UNKNOWN_FIELD and not found.applied
    change = None
    if found.new is not None:
        change = model.Replacement(
            found.line, found.column, found.line, found.end_column, found.new
        )
    return model.Hit(
        found.line,
        found.message,
        fix=found.fix,
        column=found.column,
        end_line=found.line,
        end_column=found.end_column,
        severity=model.Severity.WARNING if shown else None,
        replacement=change,
    )
