"""How a rule tells of a command."""

from __future__ import annotations

from midwatch.checks import facts, model


def of_command(
    found: facts.Found,
    message: str,
    *,
    fix: str = "",
    why: str = "",
    severity: model.Severity | None = None,
) -> model.Hit:
    """What is told of a command at its place."""
    outermost = (*found.outer, found.command)[0]
    return model.Hit(
        found.line,
        message,
        why=why,
        fix=fix,
        column=found.column,
        end_line=found.line + outermost.text.count("\n"),
        end_column=0 if "\n" in outermost.text or found.outer else found.end_column,
        severity=severity,
    )


def short(text: str, length: int = 60) -> str:
    """A command on one line, cut where it is long."""
    line = " ".join(text.replace("\\\n", " ").split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
