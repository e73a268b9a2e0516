"""Once an hour, a little at a time: forget what is old enough."""

from __future__ import annotations

import datetime

from midwatch.alerts import forgetting
from midwatch.base import clock
from midwatch.db import store

EVERY = datetime.timedelta(hours=1)
SOME = 1000


class Keeper:
    """Forgets what was last seen longer ago than `keep`."""

    def __init__(self, keep: datetime.timedelta, ticks: clock.Clock) -> None:
        self._keep = keep
        self._ticks = ticks
        self._due = ticks.now() + EVERY

    def forget(self, where: store.Store) -> int:
        """One round; whether more is left to forget."""
        now = self._ticks.now()
        if now < self._due:
            return 0
        before = now - self._keep
        forgetting.records(where, before, now)
        if forgetting.messages(where, before, SOME) == SOME:
            return 1
        self._due = now + EVERY
        return 0
