"""Where a rehearsal stands: its events and looks folded, one after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from midwatch.drills import model

GAP = 3.0
"""A probe that is silent for longer has not been good all the while."""


@dataclasses.dataclass(frozen=True, slots=True)
class Course:
    """The times of what has happened, in seconds since it began."""

    times: Mapping[model.Kind, float] = dataclasses.field(default_factory=dict)
    details: Mapping[model.Kind, Mapping[str, str | float]] = dataclasses.field(
        default_factory=dict
    )
    last: model.Look | None = None
    good_since: float | None = None
    """Since when every look was good."""

    def at(self, kind: model.Kind) -> float | None:
        """When that happened, if it did."""
        return self.times.get(kind)

    def has(self, kind: model.Kind) -> bool:
        """Whether that happened."""
        return kind in self.times

    def after(self, event: model.Event) -> Course:
        """The course once this has happened; of what happens twice the first time counts."""
        if event.kind in self.times:
            return self
        times = {**self.times, event.kind: event.at}
        return dataclasses.replace(
            self, times=times, details={**self.details, event.kind: event.detail}
        )

    def seen(self, look: model.Look) -> Course:
        """The course once the probe has said this."""
        silent = self.last is not None and look.at - self.last.at > GAP
        since = self.good_since
        if not look.ok:
            since = None
        elif since is None or silent:
            since = look.at
        return dataclasses.replace(self, last=look, good_since=since)

    def good_for(self, now: float) -> float:
        """For how long every look was good until now; a silent probe is not good."""
        if self.good_since is None or self.last is None or now - self.last.at > GAP:
            return 0.0
        return self.last.at - self.good_since

    def detail(self, kind: model.Kind, name: str) -> str | float | None:
        """What is known of something that happened."""
        return self.details.get(kind, {}).get(name)

    @property
    def broken_at(self) -> float | None:
        """When it counts as broken: at the end of the injection, or at an earlier bad look."""
        times = (self.at(model.Kind.INJECTED), self.at(model.Kind.FIRST_BAD))
        return min((each for each in times if each is not None), default=None)


def fold(events: Iterable[model.Event], looks: Iterable[model.Look] = ()) -> Course:
    """The course that these lead to."""
    course = Course()
    for event in events:
        course = course.after(event)
    for look in looks:
        course = course.seen(look)
    return course
