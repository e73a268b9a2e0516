"""The only place that knows what time it is."""

from __future__ import annotations

import datetime
import time
from typing import Protocol


class Clock(Protocol):
    """What the time is; tests give one that they move by hand."""

    def now(self) -> datetime.datetime:
        """The wall clock, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow, for measuring how long something took."""

    def sleep(self, seconds: float) -> None:
        """Wait that long."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime.datetime:
        """The wall clock, in UTC."""
        return datetime.datetime.now(datetime.UTC)

    def monotonic(self) -> float:
        """Seconds that only ever grow, for measuring how long something took."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        time.sleep(seconds)
