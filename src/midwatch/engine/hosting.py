"""Many runs at once in one process, with nobody at a terminal.

A run that waits for a person costs its id and nothing else: no thread, no open file. What it waits
for lies in its journal. An answer in the database, or `wake`, brings it back; a bounded number of
threads carries out those that have something to do; the others stand in line.
"""

from __future__ import annotations

import asyncio
import collections
import functools
from collections.abc import Callable, Iterable
from concurrent import futures
from typing import ParamSpec, Protocol, TypeVar

from midwatch.base import errors
from midwatch.engine import local
from midwatch.runs import hosted, model

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 32
TICK_SECONDS = 0.25
LOOK_EVERY = 8
"""Ticks between two looks whether somebody else ended what is held here."""
FIRST_PAUSE, LONGEST_PAUSE, MOST_DOUBLINGS = 1.0, 60.0, 10
"""Seconds until a run is tried again that the world got in the way of."""


class Carrier(Protocol):
    """What carries one run out, in a thread of its own."""

    def carry(self, run_id: str) -> model.Outcome | None:
        """Take the run up and advance it until it is over, waits, or is left.

        None where there was nothing to do: it goes on waiting for what it waited for.
        """

    def leave(self) -> None:
        """Ask all that is being carried out to be left; steps that run go on by themselves."""


class Listener(Protocol):
    """Whoever wants to know where the runs stand; called on the event loop."""

    def stood(self, run_id: str, outcome: model.Outcome) -> None:
        """The run is over, or waits for a person."""

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        """The run cannot go on for this reason."""


class Book(Protocol):
    """What the host must look up: one query a tick for all runs that wait."""

    def unfinished(self) -> list[hosted.Found]:
        """What this host has begun and not ended."""

    def last_answer(self) -> int:
        """The number of the latest answer."""

    def answered(self, since: int) -> list[tuple[str, int]]:
        """The runs that somebody answered since, each with the number of its latest answer."""

    def over(self, run_ids: Iterable[str]) -> list[tuple[str, model.Outcome]]:
        """Those of the runs that are over, whoever ended them."""

    def release(self, run_id: str) -> None:
        """The run is over: this host has done with it."""


class Host:
    """Starts, holds and wakes runs; all its methods belong to one event loop."""

    def __init__(
        self, carrier: Carrier, book: Book, listener: Listener, *, threads: int = THREADS
    ) -> None:
        self._carrier = carrier
        self._book = book
        self._listener = listener
        self._pool = futures.ThreadPoolExecutor(threads, "midwatch-run")
        self._clerk = futures.ThreadPoolExecutor(1, "midwatch-book")
        self._busy: dict[str, bool] = {}
        """Runs in line or being carried out, and whether somebody woke them meanwhile."""
        self._held: set[str] = set()
        self._untold: dict[str, model.Outcome] = {}
        """Where runs stood that somebody woke before the listener heard of it."""
        self._wanted: dict[str, list[asyncio.Future[model.Outcome]]] = {}
        self._pauses: collections.Counter[str] = collections.Counter()
        self._last_answer = 0
        self._closing = False
        self._idle = asyncio.Event()
        """Set when nothing is being carried out any more while the host closes."""

    @property
    def held(self) -> int:
        """How many runs wait for a person."""
        return len(self._held)

    @property
    def busy(self) -> int:
        """How many runs are being carried out, or stand in line for it."""
        return len(self._busy)

    async def attach(self) -> int:
        """Find what an earlier process of this host left, and go on with it; how many runs."""
        self._last_answer = await self._ask(self._book.last_answer)
        found = await self._ask(self._book.unfinished)
        for each in found:
            waits = each.outcome in {model.Outcome.WAITING, model.Outcome.IN_DOUBT}
            if waits and not each.answered:
                self._held.add(each.run_id)
            else:
                self.wake(each.run_id)
        return len(found)

    def wake(self, run_id: str) -> None:
        """Something may have changed for the run: look what there is to do."""
        if self._closing:
            return
        if run_id in self._busy:
            self._busy[run_id] = True
            return
        self._held.discard(run_id)
        self._busy[run_id] = False
        loop = asyncio.get_running_loop()
        carried = loop.run_in_executor(self._pool, self._carrier.carry, run_id)
        carried.add_done_callback(lambda done: self._stood(run_id, done))

    async def finished(self, run_id: str) -> model.Outcome:
        """Wait until the run is over, however often it waits for people on the way."""
        waiter: asyncio.Future[model.Outcome] = asyncio.get_running_loop().create_future()
        self._wanted.setdefault(run_id, []).append(waiter)
        for _, outcome in await self._ask(self._book.over, [run_id]):
            self._tell_end(run_id, outcome)
        return await waiter

    async def serve(self) -> None:
        """Look for answers until the host is closed."""
        ticks = 0
        while not self._closing:
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self.tick(look=ticks % LOOK_EVERY == 0)
            except errors.WorldError as error:
                self._listener.stuck("", error)
            ticks += 1

    async def tick(self, *, look: bool) -> None:
        """Wake what was answered; now and then look what somebody else ended."""
        for run_id, number in await self._ask(self._book.answered, self._last_answer):
            self._last_answer = max(self._last_answer, number)
            if run_id in self._held or run_id in self._busy:
                self.wake(run_id)
        if look and self._held:
            for run_id, outcome in await self._ask(self._book.over, tuple(self._held)):
                if run_id in self._held:
                    self._end(run_id, outcome)

    async def close(self) -> None:
        """Leave everything as it stands: steps go on by themselves, and a restart finds them."""
        self._closing = True
        self._carrier.leave()
        if self._busy:
            await self._idle.wait()
        self._pool.shutdown()
        self._clerk.shutdown()

    async def _ask(self, look_up: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Look something up without holding the event loop up."""
        call = functools.partial(look_up, *arguments, **named)
        return await asyncio.get_running_loop().run_in_executor(self._clerk, call)

    def _stood(self, run_id: str, carried: asyncio.Future[model.Outcome | None]) -> None:
        """A thread has done with the run for now."""
        again = self._busy.pop(run_id)
        if self._closing and not self._busy:
            self._idle.set()
        error = carried.exception()
        if error is not None:
            self._failed(run_id, error)
            return
        self._pauses.pop(run_id, None)
        outcome = carried.result()
        if outcome in hosted.OVER:
            self._end(run_id, outcome)
            return
        self._held.add(run_id)
        stands = outcome or self._untold.pop(run_id, None)
        if again and stands is not None:  # told when it stands there after that look, too
            self._untold[run_id] = stands
        if again:
            self.wake(run_id)
        elif stands is not None and not self._closing:
            self._listener.stood(run_id, stands)

    def _end(self, run_id: str, outcome: model.Outcome) -> None:
        self._held.discard(run_id)
        self._untold.pop(run_id, None)
        self._clerk.submit(self._book.release, run_id)
        self._tell_end(run_id, outcome)
        self._listener.stood(run_id, outcome)

    def _tell_end(self, run_id: str, outcome: model.Outcome) -> None:
        for waiter in self._wanted.pop(run_id, ()):
            if not waiter.done():
                waiter.set_result(outcome)

    def _failed(self, run_id: str, error: BaseException) -> None:
        """What the world did passes: try again, less and less often. Else somebody must act."""
        self._held.add(run_id)
        if not isinstance(error, local.OwnedError):  # that passes, or its owner ends the run
            known = error if isinstance(error, errors.MidwatchError) else _bug(error)
            self._listener.stuck(run_id, known)
        if isinstance(error, errors.WorldError) and not self._closing:
            self._pauses[run_id] += 1
            again = pause(self._pauses[run_id])
            asyncio.get_running_loop().call_later(again, self.wake, run_id)


def pause(failures: int) -> float:
    """Seconds until a run is tried again after so many failures in a row."""
    doublings = min(failures - 1, MOST_DOUBLINGS)
    return float(min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE))


def _bug(error: BaseException) -> errors.MidwatchError:
    return errors.BugError(f"This is a bug in Midwatch ({type(error).__name__}: {error}).")
