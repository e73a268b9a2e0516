"""Threads that do their work when they are woken, and every second in any case."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent import futures

from midwatch.base import clock, errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, careful, following, sending

LOG = logging.getLogger(__name__)
EVERY = 1.0
TOGETHER = 0.015
"""Alerts that arrive within so many seconds are taken up together: one write instead of many."""


PRESSED = 0.8


def always() -> bool:
    """Nothing keeps it from its work."""
    return True


class Loop:
    """One thread with a store of its own; trouble is told, and the work tried again."""

    def __init__(
        self,
        name: str,
        url: str,
        work: Callable[[store.Store], int],
        ticks: clock.Clock,
        *,
        apart: float = 0.0,
        may: Callable[[], bool] = always,
    ) -> None:
        self.name = name
        self._may = may
        self._apart = apart
        self._url = url
        self._work = work
        self._ticks = ticks
        self._where: store.Store | None = None
        self._woken = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._go_on, name=f"midwatch-{name}")
        self.last_ok = ticks.monotonic()
        """When the work last went well."""
        self.rounds = 0
        self.failures = 0
        self.seconds = 0.0
        """How long the latest round took."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to do; may be called from any thread."""
        self._woken.set()

    def close(self) -> None:
        """End after the round that goes on."""
        self._ending = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def age(self) -> float:
        """Seconds since the work last went well."""
        return self._ticks.monotonic() - self.last_ok

    def _go_on(self) -> None:
        with futures.ThreadPoolExecutor(1, f"midwatch-{self.name}") as hands:
            while not self._ending:
                self._woken.clear()
                done = self._round(hands) if self._may() else 0
                if not done:
                    self._woken.wait(EVERY)
                    self._ticks.sleep(self._apart)
            hands.submit(self._let_go)

    def _round(self, hands: futures.Executor) -> int:
        """One round; what was done, so that more of it can follow at once.

        Whatever goes wrong ends the round, not the thread: nobody would be paged any more.
        """
        began = self._ticks.monotonic()
        doing = hands.submit(self._do)
        error = doing.exception()
        if error is not None:
            self.failures += 1
            known = isinstance(error, errors.MidwatchError)
            bug = "" if known else "a bug: "
            LOG.error("%s: %s%s", self.name, bug, error, exc_info=None if known else error)
            return 0
        self.last_ok = self._ticks.monotonic()
        self.seconds = self.last_ok - began
        self.rounds += 1
        return doing.result()

    def _do(self) -> int:
        if self._where is None:
            self._where = store.connect(self._url)
        return self._work(self._where)

    def _let_go(self) -> None:
        if self._where is not None:
            self._where.close()


def engine(
    turning: careful.Engine,
    given: Callable[[], arrangements.Arrangements],
    ticks: clock.Clock,
    after: Callable[[set[str]], None],
    *,
    pressed: Callable[[], bool] = lambda: False,
    may: Callable[[], bool] = always,
) -> Loop:
    """The thread that turns alerts into incidents and moves them on; `after` hears what is due.

    While alerts press in faster than they are written down, it leaves the processor to that.
    """

    def work(_: store.Store) -> int:
        turned = turning.turn(given(), ticks.now())
        after(set(turned.channels))
        if turned.more and pressed():
            ticks.sleep(PRESSED)
        return int(turned.more)

    return Loop("engine", turning.url, work, ticks, apart=TOGETHER, may=may)


def sender(
    url: str,
    channel: str,
    send: sending.Send,
    ticks: clock.Clock,
    follow: following.Follow | None = None,
    *,
    may: Callable[[], bool] = always,
) -> Loop:
    """The thread that hands messages to one channel, and asks after those it took."""

    def work(where: store.Store) -> int:
        done = sending.send_due(where, channel, send, ticks, may=may)
        if follow is not None and not done:
            following.follow_due(where, channel, follow, ticks)
        return done

    return Loop(f"sender-{channel}", url, work, ticks, may=may)
