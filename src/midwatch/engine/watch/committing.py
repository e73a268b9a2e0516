"""Alerts onto the disk: all that wait go into one transaction, and are answered only after it."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import queue
import threading
from collections.abc import Callable, Sequence

from midwatch.alerts import accepting, intake, model
from midwatch.base import clock, errors
from midwatch.db import store

LOG = logging.getLogger(__name__)
TOGETHER = 5000
"""Alerts in one transaction."""
PRESSING = 400
MOST_WAITING = 50_000
"""More alerts than this are not held in memory: their sender is asked to come again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """What is to be on disk before somebody is told so."""

    alerts: Sequence[model.Alert] = ()
    also: Sequence[store.Statement] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class _Waiting:
    work: Work
    answer: asyncio.Future[None] | None


Answers = list[tuple[_Waiting, errors.WorldError | None]]


class Committer:
    """One thread that writes; the handlers of all connections hand their work to it."""

    def __init__(self, url: str, ticks: clock.Clock, arrived: Callable[[], None]) -> None:
        self._url = url
        self._ticks = ticks
        self._arrived = arrived
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_on, name="midwatch-intake")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = 0
        self._where: store.Store | None = None
        self.accepted = 0
        """Alerts that were committed since the start."""
        self.commits = 0
        self.failed = 0
        """Transactions that could not be committed."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to write for the handlers of that loop."""
        self._loop = loop
        self._thread.start()

    async def commit(self, work: Work) -> None:
        """Come back when it is on disk; a WorldError when it is not."""
        if self._waiting > MOST_WAITING:
            raise errors.WorldError("More alerts arrive than can be written down.", "Send again.")
        answer = asyncio.get_running_loop().create_future()
        self._waiting += len(work.alerts)
        self._queue.put(_Waiting(work, answer))
        await answer

    def leave(self, work: Work) -> None:
        """Write it down soon; nobody waits for it."""
        self._queue.put(_Waiting(work, None))

    @property
    def waiting(self) -> int:
        """Alerts that were received and are not on disk yet; nobody was told that they are."""
        return self._waiting

    def is_pressed(self) -> bool:
        """Whether alerts arrive faster than they can be written down."""
        return self._waiting > PRESSING

    def close(self) -> None:
        """Write what waits, then stop."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _write_on(self) -> None:
        closing = False
        while not closing:
            together, closing = self._next()
            if together:
                answers = self._together(together)
                self._tell(answers)
        if self._where is not None:
            self._where.close()

    def _next(self) -> tuple[list[_Waiting], bool]:
        """All that waits now, and whether it is the last."""
        together: list[_Waiting] = []
        count = 0
        while True:
            try:
                each = self._queue.get(block=not together)
            except queue.Empty:
                return together, False
            if each is None:
                return together, True
            together.append(each)
            count += len(each.work.alerts) + len(each.work.also)
            if count >= TOGETHER:
                return together, False

    def _together(self, together: list[_Waiting]) -> Answers:
        error = self._attempt([each.work for each in together])
        if error is None or len(together) == 1:
            return [(each, error) for each in together]
        if isinstance(error, Unfit):
            return [(each, self._attempt([each.work])) for each in together]
        return [(each, error) for each in together]

    def _attempt(self, works: Sequence[Work]) -> errors.WorldError | None:
        try:
            written = self._write(works)
        except errors.WorldError as error:
            self.failed += 1
            LOG.error("alerts could not be written down: %s", error.message)  # noqa: TRY400  (told whole)
            return error
        except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
            return Unfit(f"What was sent does not fit into the database: {error}.")
        return None if written else Unfit("What was sent does not fit into the database.")

    def _write(self, works: Sequence[Work]) -> bool:
        where, now = self._opened(), self._ticks.now()
        every = intake.dated(where, [alert for work in works for alert in work.alerts], now)
        statements = [statement for work in works for statement in work.also]
        if every:
            statements += accepting.accepting(every, now)
        if not where.write(*statements):
            return False
        self.accepted += len(every)
        self.commits += 1
        if every:
            self._arrived()
        return True

    def _opened(self) -> store.Store:
        """The database; opened again where that did not go."""
        if self._where is None:
            self._where = store.connect(self._url)
        return self._where

    def _tell(self, answers: Answers) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._settle, answers)

    def _settle(self, answers: Answers) -> None:
        for each, error in answers:
            if each.answer is None:
                continue
            self._waiting -= len(each.work.alerts)
            if each.answer.done():
                continue
            if error is None:
                each.answer.set_result(None)
            else:
                each.answer.set_exception(type(error)(error.message, error.hint))


class Unfit(errors.WorldError):
    """This work, not the disk, is what does not go."""
