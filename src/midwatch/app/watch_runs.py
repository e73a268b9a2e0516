"""The runs that incidents ask for: started under guard, and their results put on the incident."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from concurrent import futures
from pathlib import Path

from midwatch.app import hosting, running
from midwatch.base import clock, errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, remediating
from midwatch.guards import model as guards
from midwatch.incidents import events as incident_events
from midwatch.incidents import orders
from midwatch.runs import diagnosing, events, hosted, model, shown, state

LOG = logging.getLogger(__name__)
BATCH = 50
TICK_SECONDS = 0.25
OVER = frozenset({model.Outcome.SUCCEEDED, model.Outcome.FAILED, model.Outcome.STOPPED})


class NothingError(errors.UserError):
    """The procedure has nothing that may run by itself."""


class Runs:
    """Starts what incidents ask for, and tells them how it went."""

    def __init__(
        self,
        url: str,
        folder: Path,
        given: Callable[[], arrangements.Arrangements],
        *,
        host: str = hosting.HOST,
    ) -> None:
        self._given = given
        self._folder = folder
        self._ticks = clock.SystemClock()
        self._clerk = futures.ThreadPoolExecutor(1, "midwatch-orders")
        self._url = url
        self._where: store.Store | None = None
        self._hosting = hosting.Hosting(self, host=host)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event | None = None
        self._closing = False

    async def serve(self) -> None:
        """Start what is asked for until closed; what an earlier process began is gone on with."""
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        await self._in_clerk(self._begin)  # before any of them can end: which were written down?
        await self._in_clerk(self._settle)
        await self._hosting.host.attach()
        answers = asyncio.create_task(self._hosting.host.serve())
        while not self._closing:
            for run in await self._in_clerk(self._begin):
                self._hosting.host.wake(run)
            try:
                await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
            except TimeoutError:
                continue
            finally:
                self._woken.clear()
        answers.cancel()
        await asyncio.gather(answers, return_exceptions=True)
        await self._hosting.close()

    def wake(self) -> None:
        """An order may have come in; may be called from any thread."""
        if self._loop is not None and self._woken is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    def close(self) -> None:
        """Leave everything as it stands."""
        self._closing = True
        self.wake()

    def happened(self, run_id: str, recorded: events.Recorded) -> None:
        """It lies in the run's journal."""

    def stood(self, run_id: str, outcome: model.Outcome) -> None:
        """A run is over, or waits for a person: tell its incident."""
        self._clerk.submit(self._ended, run_id, outcome)

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        """A run cannot go on."""
        LOG.warning("run %s cannot go on: %s", run_id or "?", error.message)

    async def _in_clerk(self, do: Callable[[], list[str]]) -> list[str]:
        """Do it in the one thread that holds the store."""
        return await asyncio.get_running_loop().run_in_executor(self._clerk, do)

    def _store(self) -> store.Store:
        if self._where is None:
            self._where = store.connect(self._url)
        return self._where

    def _begin(self) -> list[str]:
        """Start the runs that are asked for; their ids."""
        begun = []
        for order in orders.waiting(self._store(), BATCH):
            run = self._start(order)
            if run:
                begun.append(run)
        return begun

    def _start(self, order: orders.Order) -> str | None:
        where, now = self._store(), self._ticks.now
        actor = f"midwatch for {order.key}"
        run = self._hosting.entered(actor) if order.state == "starting" else None
        try:
            if run is None:
                where.write(orders.starting(order))
                run = self._hosting.enter(self._wish(order), _terms(order, actor), _narrow(order))
            remediating.began(where, order, run, order.address, now())
        except errors.MidwatchError as error:
            remediating.nothing_to_read(where, self._given(), order, error.message, now())
            return None
        return run

    def _wish(self, order: orders.Order) -> running.Wish:
        may = _may(order)
        address = str(self._folder / order.address)
        return running.Wish(
            address=address, target=order.target, given=order.inputs, may=may, asked_by=""
        )

    def _settle(self) -> list[str]:
        """After a restart: tell incidents of runs that ended while nobody looked."""
        for run in orders.going_on(self._store()):
            outcome = state.fold(self._hosting.records.read(run)).outcome
            if outcome in OVER:
                self._ended(run, outcome)
        return []

    def _ended(self, run: str, outcome: model.Outcome) -> None:
        where = self._store()
        order = orders.of_run(where, run)
        if order is None or order.state != "started":
            return
        told = shown.of(self._hosting.records.read(run))
        ending = incident_events.RunEnded(run, order.purpose.value, outcome.value, told)
        remediating.ended(where, self._given(), order, ending, self._ticks.now())


def _may(order: orders.Order) -> guards.May:
    reads = order.purpose is orders.Purpose.DIAGNOSIS
    return guards.May.READ if reads else guards.May.CHANGE


def _terms(order: orders.Order, actor: str) -> hosted.Terms:
    may = _may(order)
    return hosted.Terms(actor=actor, may=may, reachable=False)


def _narrow(order: orders.Order) -> hosting.Narrow:
    """A diagnosis is the reads of its procedure; a remediation is all of it."""
    if order.purpose is not orders.Purpose.DIAGNOSIS:
        return running.whole

    def narrow(prepared: running.Prepared) -> running.Prepared:
        found = diagnosing.of(prepared.procedure, order.inputs)
        if found is None:
            raise NothingError("the procedure has no read that may run by itself")
        return dataclasses.replace(prepared, procedure=found.procedure, missing=())

    return narrow
