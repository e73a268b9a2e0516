"""The safe replacements, put into a file's text and shown as a patch."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from midwatch.checks import model


def apply(text: str, changes: Iterable[model.Replacement]) -> str:
    """The text with every change made; of two that overlap, the first in the file wins."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    spans = sorted(
        (offset(starts, c.line, c.column), offset(starts, c.end_line, c.end_column), c.new)
        for c in changes
    )
    pieces, at = [], 0
    for start, end, new in spans:
        if start < at:
            continue
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def offset(starts: list[int], line: int, column: int) -> int:
    """Where a 1-based line and column stand in the text."""
    return min(starts[min(line, len(starts)) - 1] + column - 1, starts[-1])


def patch(path: str, before: str, after: str) -> str:
    """The change as `patch` and `git apply` read it."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{path}",
        f"b/{path}",
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
