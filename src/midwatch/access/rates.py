"""How much one asker may ask for: so much a minute, and a minute's worth at once."""

from __future__ import annotations

import dataclasses

MINUTE = 60.0


@dataclasses.dataclass(slots=True)
class Bucket:
    """What is left of a minute's worth; it fills up evenly."""

    per_minute: int
    left: float
    at: float

    def take(self, count: int, now: float) -> float:
        """Take so many; 0 where they may pass, else the seconds until they might.

        What is larger than the whole bucket passes when it is full.
        """
        grown = self.left + (now - self.at) * self.per_minute / MINUTE
        self.left, self.at = min(float(self.per_minute), grown), now
        needed = min(count, self.per_minute)
        if self.left >= needed:
            self.left -= count
            return 0.0
        return (needed - self.left) * MINUTE / self.per_minute


class Rates:
    """A bucket for each asker."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def take(self, asker: str, count: int, *, per_minute: int, now: float) -> float:
        """Take so many for that asker; 0 where they may pass. A limit of 0 is none."""
        if per_minute <= 0:
            return 0.0
        bucket = self._buckets.get(asker)
        if bucket is None or bucket.per_minute != per_minute:
            bucket = self._buckets[asker] = Bucket(per_minute, float(per_minute), now)
        return bucket.take(count, now)
