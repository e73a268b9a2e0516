"""The looks of a rehearsal as stretches: from when to when it was good, and when bad."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.drills import course as courses
from midwatch.drills import model


@dataclasses.dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which every look said the same."""

    begin: float
    end: float
    ok: bool


def of(looks: Sequence[model.Look]) -> tuple[Stretch, ...]:
    """The stretches, in order; a silent probe ends one and says nothing meanwhile."""
    found: list[Stretch] = []
    for look in looks:
        last = found[-1] if found else None
        silent = last is None or look.at - last.end > courses.GAP
        if last is None or silent:
            found.append(Stretch(look.at, look.at, look.ok))
        elif last.ok is look.ok:
            found[-1] = dataclasses.replace(last, end=look.at)
        else:
            found[-1] = dataclasses.replace(last, end=look.at)
            found.append(Stretch(look.at, look.at, look.ok))
    return tuple(found)


def bad_seconds(looks: Sequence[model.Look]) -> float:
    """For how long the users had something to complain about."""
    return round(sum(each.end - each.begin for each in of(looks) if not each.ok), 3)
