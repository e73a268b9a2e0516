"""How a rule tells of a command."""

from __future__ import annotations

from midwatch.checks import facts, model


def of_command(
    found: facts.Found,
    message: str,
    *,
    part: str = "",
    fix: str = "",
    why: str = "",
    severity: model.Severity | None = None,
) -> model.Hit:
    """What is told of a command at its place, or of a part of it that stands there as written."""
    outermost = (*found.outer, found.command)[0]
    line, column = found.line, found.column
    end_line = line + outermost.text.count("\n")
    end_column = 0 if "\n" in outermost.text or found.outer else found.end_column
    at = found.command.text.find(part) if part and not found.outer else -1
    if at >= 0:
        before = found.command.text[:at]
        broken = before.rfind("\n")
        line = end_line = line + before.count("\n")
        column = at - broken if broken >= 0 else column + at
        end_column = column + len(part)
    return model.Hit(
        line,
        message,
        why=why,
        fix=fix,
        column=column,
        end_line=end_line,
        end_column=end_column,
        severity=severity,
    )


def short(text: str, length: int = 60) -> str:
    """A command on one line, cut where it is long."""
    line = " ".join(text.replace("\\\n", " ").split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
