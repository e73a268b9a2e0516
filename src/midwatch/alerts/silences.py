"""Silences: somebody said that these alerts need nobody, until a time, for a reason."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from midwatch.alerts import matching

LONGEST = datetime.timedelta(days=30)


@dataclasses.dataclass(frozen=True, slots=True)
class Silence:
    """Who silenced what, why, and until when."""

    id: str
    created_at: datetime.datetime
    created_by: str
    reason: str
    matchers: tuple[matching.Matcher, ...]
    starts_at: datetime.datetime
    ends_at: datetime.datetime

    def holds(self, now: datetime.datetime) -> bool:
        """Whether it counts at this moment."""
        return self.starts_at <= now < self.ends_at

    def __str__(self) -> str:
        """As a reason is told."""
        what = ", ".join(str(matcher) for matcher in self.matchers)
        return f"silence {self.id} of {self.created_by} ({what}; {self.reason})"


def covering(
    silences: Sequence[Silence], labels: Mapping[str, str], now: datetime.datetime
) -> Silence | None:
    """The silence that holds an alert with these labels back now, the one that lasts longest."""
    found = [
        each for each in silences if each.holds(now) and matching.all_match(each.matchers, labels)
    ]
    return max(found, key=lambda each: each.ends_at) if found else None
