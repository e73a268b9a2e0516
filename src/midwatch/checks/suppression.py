"""What a document asks `check` not to say, by HTML comments.

`<!-- midwatch: ignore area/name -- reason -->` silences the line it stands on and the next line
that is not blank; where that line opens a block, the whole block. `ignore-file` silences a rule in
the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.checks import model, selection

COMMENT = lazy.pattern(
    r"<!--\s*midwatch:\s*(?P<verb>ignore-file|ignore)\s+(?P<rules>[\w/*,\s-]+?)"
    r"(?:\s+--\s*(?P<reason>.*?))?\s*-->"
)
FENCE = lazy.pattern(r"^\s*(?:>\s*)*(?:[-*+]\s+|\d+[.)]\s+)?(?P<mark>`{3,}|~{3,})")


def read(lines: Sequence[str]) -> tuple[model.Silence, ...]:
    """Every silence the document asks for."""
    found = []
    for number, line in enumerate(lines, 1):
        if "midwatch:" not in line:
            continue
        for comment in COMMENT.finditer(line):
            patterns = tuple(re.findall(r"[\w/*-]+", comment["rules"]))
            first, last = number, extent(lines, number)
            if comment["verb"] == "ignore-file":
                first, last = 1, len(lines)
            found.append(model.Silence(patterns, first, last, comment["reason"] or ""))
    return tuple(found)


def extent(lines: Sequence[str], number: int) -> int:
    """The last line that a comment on line `number` speaks for."""
    following = number + 1
    while following <= len(lines) and not lines[following - 1].strip():
        following += 1
    if following > len(lines):
        return number
    fence = FENCE.match(lines[following - 1])
    if fence is None:
        return following
    closing = (
        later
        for later in range(following + 1, len(lines) + 1)
        if lines[later - 1].strip().startswith(fence["mark"])
    )
    return next(closing, len(lines))


def silenced(finding: model.Finding, silences: Sequence[model.Silence]) -> bool:
    """Whether the document asks not to hear this finding."""
    return any(
        silence.first <= finding.line <= silence.last
        and selection.covers(silence.patterns, finding.rule)
        for silence in silences
    )
