"""Who is on call, the next hand-overs, and the times when nobody would be."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from midwatch.app import toml_fields
from midwatch.base import errors
from midwatch.oncall import decide, directory, model

MOST_DAYS = 370


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """One schedule, from a moment on."""

    schedule: model.Schedule
    shifts: Sequence[model.Shift]
    """The first one holds at the moment."""

    @property
    def now(self) -> model.Shift:
        """Who it is at the moment."""
        return self.shifts[0]

    @property
    def following(self) -> Sequence[model.Shift]:
        """The hand-overs after that."""
        return self.shifts[1:]

    @property
    def gaps(self) -> list[model.Shift]:
        """When nobody is on call."""
        return [each for each in self.shifts if isinstance(each.turn, model.Nobody)]


def standing(
    known: directory.Directory, name: str | None, at: datetime.datetime, days: int
) -> list[Standing]:
    """The schedule of that name, or all of them."""
    if name is not None and name not in known.schedules:
        hint = toml_fields.near(name, sorted(known.schedules))
        raise errors.UserError(f"There is no schedule “{name}” {hint}.")
    wanted = known.schedules.values() if name is None else [known.schedules[name]]
    ends = at + datetime.timedelta(days=days)
    return [Standing(each, tuple(decide.shifts(each, at, ends))) for each in wanted]
