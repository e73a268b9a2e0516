"""How a rule tells of what is wrong in a manifest."""

from __future__ import annotations

from midwatch.checks import kubernetes_faults, model


def hit(found: kubernetes_faults.Fault, *, severity: model.Severity | None = None) -> model.Hit:
    """What is told of a fault at its place, with the change that mends it where one is safe."""
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
        severity=severity,
        replacement=change,
    )
