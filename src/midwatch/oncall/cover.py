"""Whether a level of a policy always reaches somebody, whatever its schedules say."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TypeAlias

from midwatch.oncall import decide, directory

Span: TypeAlias = tuple[datetime.datetime, datetime.datetime]


def uncovered(
    words: Sequence[str],
    known: directory.Directory,
    starts: datetime.datetime,
    ends: datetime.datetime,
) -> list[Span]:
    """The times between the two at which none of the words means anybody."""
    left: list[Span] = [(starts, ends)]
    for word in words:
        kind, _, name = word.partition(":")
        if kind != "schedule":
            found = known.find(word, starts)
            gaps = [] if any(isinstance(each, directory.Reached) for each in found) else left
        elif name in known.schedules:
            gaps = list(decide.gaps(known.schedules[name], starts, ends))
        else:
            gaps = left
        left = _both(left, gaps)
    return left


def _both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Where both hold."""
    spans = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return sorted((begins, ends) for begins, ends in spans if begins < ends)
