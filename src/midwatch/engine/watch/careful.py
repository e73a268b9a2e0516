"""A bug in reading a runbook or judging an alert must not leave anybody unpaged."""

from __future__ import annotations

import dataclasses
import datetime
import logging
import threading
from concurrent import futures

from midwatch.alerts import rules
from midwatch.base import errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, turn
from midwatch.incidents import decide, outbox
from midwatch.incidents import store as incidents

LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Turned:
    """What a turn left: whether more alerts wait, and which channels have something to send."""

    more: bool
    channels: frozenset[str]


class Engine:
    """Takes turns in a thread of its own; one that ends by a bug is taken again, plainly."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._own = threading.local()
        self._pool = futures.ThreadPoolExecutor(1, "midwatch-turn")
        self._last: datetime.datetime | None = None
        self.bugs = 0
        """Turns that were taken again, plainly."""

    def turn(self, given: arrangements.Arrangements, now: datetime.datetime) -> Turned:
        """One turn; without runbooks, and with the usual rules, where theirs go wrong."""
        done = self._pool.submit(self._turn, given, now)
        error = done.exception()
        if error is None:
            return done.result()
        if isinstance(error, errors.StoreError):  # the next turn writes it, with the runbooks
            raise error
        self.bugs += 1
        trace = None if isinstance(error, errors.MidwatchError) else error
        LOG.error("A turn ended: %s It is taken again without runbooks.", error, exc_info=trace)
        return self._pool.submit(self._turn, plain(given), now).result()

    def _turn(self, given: arrangements.Arrangements, now: datetime.datetime) -> Turned:
        where: store.Store | None = getattr(self._own, "where", None)
        if where is None:
            where = self._own.where = store.connect(self.url)
        self._clock_was(where, now)
        more = turn.turn(where, given, now)
        return Turned(more, frozenset(outbox.channels(where, now)))

    def _clock_was(self, where: store.Store, now: datetime.datetime) -> None:
        """Where the clock was set back, timers of before would come too late: all are set anew."""
        before = self._last or incidents.newest(where) or now
        if now < before - decide.SLACK:
            LOG.warning("the clock was set back by %s; every timer is set anew", before - now)
            where.write(incidents.looking_again(now), outbox.bringing_forward(now))
        self._last = now

    def close(self) -> None:
        """Let go."""
        self._pool.submit(self._let_go)
        self._pool.shutdown()

    def _let_go(self) -> None:
        where: store.Store | None = getattr(self._own, "where", None)
        if where is not None:
            where.close()


def plain(given: arrangements.Arrangements) -> arrangements.Arrangements:
    """Who is told and when, and nothing else."""
    return dataclasses.replace(
        given,
        rules=rules.Rules(),
        library=arrangements.NoLibrary(),
        policies={},
        remediations=(),
        heartbeats=(),
        windows=(),
        periodic=(),
        procedure_probes=(),
    )
