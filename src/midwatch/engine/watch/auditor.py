"""The auditor: once a minute it proves that everything moves, and calls home only then.

Whoever waits for that call (a dead-man's switch elsewhere) learns of everything that could go
wrong here, this process itself included.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from midwatch.base import clock
from midwatch.db import store
from midwatch.engine.watch import loop
from midwatch.incidents import audit

LOG = logging.getLogger(__name__)
EVERY = datetime.timedelta(minutes=1)


class Auditor:
    """Asks the store every minute; what it found last is there for `/health` and `/metrics`."""

    def __init__(self, url: str, ticks: clock.Clock, call_home: Callable[[], None]) -> None:
        self._ticks = ticks
        self._call_home = call_home
        self._due: datetime.datetime | None = None
        self.troubles: tuple[audit.Trouble, ...] = ()
        self.loop = loop.Loop("auditor", url, self.look, ticks)

    def look(self, where: store.Store) -> int:
        """Audit, when a minute has gone by."""
        now = self._ticks.now()
        if self._due is not None and self._due - EVERY <= now < self._due:
            return 0
        self._due = now + EVERY
        self.troubles = tuple(audit.audit(where, now))
        for trouble in self.troubles:
            LOG.error("audit: %s", trouble.sentence)
        if not self.troubles:
            self._call_home()
        return 0
