"""The runs that incidents ask for: started under guard, and their results put on the incident."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from concurrent import futures
from pathlib import Path

from midwatch.app import hosting, procedure_probes, running, stopping, tracing
from midwatch.base import clock, errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, remediating
from midwatch.guards import model as guards
from midwatch.incidents import events as incident_events
from midwatch.incidents import looks, orders
from midwatch.runs import diagnosing, events, hosted, looked, model, shown, state

LOG = logging.getLogger(__name__)
BATCH = 50
TICK_SECONDS = 0.25
OVER = frozenset({model.Outcome.SUCCEEDED, model.Outcome.FAILED, model.Outcome.STOPPED})


class NothingError(errors.UserError):
    """The procedure has nothing that may run by itself."""


class Clerk:
    """One thread with a store of its own, which does what it is handed, in order."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._pool = futures.ThreadPoolExecutor(1, name)
        self._where: store.Store | None = None

    async def ask(self, do: Callable[[store.Store], None]) -> None:
        """Do it, and come back when it is done."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._do, do)

    def hand(self, do: Callable[[store.Store], None]) -> None:
        """Do it when what came before is done; trouble is told in the log."""
        self._pool.submit(self._do, do).add_done_callback(_told)

    def close(self) -> None:
        """Finish, and let go."""
        self._pool.submit(self._let_go)
        self._pool.shutdown()

    def _do(self, do: Callable[[store.Store], None]) -> None:
        if self._where is None:
            self._where = store.connect(self._url)
        do(self._where)

    def _let_go(self) -> None:
        if self._where is not None:
            self._where.close()


def _told(done: futures.Future[None]) -> None:
    error = done.exception()
    if error is not None:
        LOG.error("the end of a run could not be written down: %s", error)


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
        self._starter = Clerk(url, "midwatch-orders")
        self._ender = Clerk(url, "midwatch-results")
        self._hosting = hosting.Hosting(self, host=host)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event | None = None
        self._closing = False

    async def serve(self) -> None:
        """Start what is asked for until closed; what an earlier process began is gone on with."""
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        await self._starter.ask(self._begin)  # before any can end: which were written down?
        await self._ender.ask(self._settle)
        await self._hosting.host.attach()
        answers = asyncio.create_task(self._hosting.host.serve())
        while not self._closing:
            try:
                await self._starter.ask(self._begin)
            except errors.MidwatchError as error:
                LOG.error("runs: %s", error.message)  # noqa: TRY400  (a sentence, no trace)
            try:
                await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
            except TimeoutError:
                continue
            finally:
                self._woken.clear()
        answers.cancel()
        await asyncio.gather(answers, return_exceptions=True)
        await self._hosting.close()
        self._starter.close()
        self._ender.close()

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
        self._ender.hand(lambda where: self._ended(where, run_id, outcome))

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        """A run cannot go on."""
        LOG.warning("run %s cannot go on: %s", run_id or "?", error.message)

    def _begin(self, where: store.Store) -> None:
        """Start the runs that are asked for, each as soon as it is on disk."""
        waiting = orders.waiting(where, BATCH)
        fresh = [order for order in waiting if order.state != "starting"]
        if fresh:
            where.write(*(orders.starting(order) for order in fresh))
        for order in waiting:
            self._start(where, order)

    def _start(self, where: store.Store, order: orders.Order) -> None:
        actor = f"midwatch for {order.key}"
        run = self._hosting.entered(actor) if order.state == "starting" else None
        try:
            if run is None:
                run = self._hosting.enter(self._wish(order), _terms(order, actor), _narrow(order))
            self._began(where, order, run)
        except errors.MidwatchError as error:
            self._not_begun(where, order, error)
            return
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._hosting.host.wake, run)

    def _began(self, where: store.Store, order: orders.Order, run: str) -> None:
        if order.purpose is orders.Purpose.PROBE:
            where.write(orders.started(order, run))
            return
        remediating.began(where, order, run, order.address, self._ticks.now())

    def _not_begun(
        self, where: store.Store, order: orders.Order, error: errors.MidwatchError
    ) -> None:
        now = self._ticks.now()
        if order.purpose is orders.Purpose.PROBE:
            where.write(looks.ended(order, looks.UNKNOWN, error.message, now))
            return
        remediating.nothing_to_read(where, self._given(), order, error.message, now)

    def _wish(self, order: orders.Order) -> running.Wish:
        may = _may(order)
        address = str(self._folder / order.address)
        return running.Wish(
            address=address, target=order.target, given=order.inputs, may=may, asked_by=""
        )

    def _settle(self, where: store.Store) -> None:
        """After a restart: tell incidents of runs that ended while nobody looked."""
        for run in orders.going_on(where):
            outcome = state.fold(self._hosting.records.read(run)).outcome
            if outcome in OVER:
                self._ended(where, run, outcome)

    def _ended(self, where: store.Store, run: str, outcome: model.Outcome) -> None:
        order = orders.of_run(where, run)
        if order is None or order.state != "started":
            return
        if order.purpose is orders.Purpose.PROBE:
            self._looked(where, order, run)
            return
        told = shown.of(self._hosting.records.read(run))
        ending = incident_events.RunEnded(run, order.purpose.value, outcome.value, told)
        remediating.ended(where, self._given(), order, ending, self._ticks.now())
        tracing.export(self._hosting.records, run)

    def _looked(self, where: store.Store, order: orders.Order, run: str) -> None:
        """A look is over; one that waits for somebody is ended: the next one comes anyway."""
        seen = looked.of(self._hosting.records.read(run))
        if seen.answer is looked.Answer.UNKNOWN:
            _stop(run)
        said = f"{seen.said} (run {run})" if seen.said else f"run {run}"
        where.write(looks.ended(order, seen.answer.value, said, self._ticks.now()))
        tracing.export(self._hosting.records, run)


def _stop(run: str) -> None:
    try:
        stopping.stop(run)
    except errors.MidwatchError as error:
        LOG.warning("run %s of a probe could not be ended: %s", run, error.message)


def _may(order: orders.Order) -> guards.May:
    reads = order.purpose in {orders.Purpose.DIAGNOSIS, orders.Purpose.PROBE}
    return guards.May.READ if reads else guards.May.CHANGE


def _terms(order: orders.Order, actor: str) -> hosted.Terms:
    may = _may(order)
    at_once = order.purpose is orders.Purpose.PROBE
    return hosted.Terms(actor=actor, may=may, reachable=False, at_once=at_once)


def _narrow(order: orders.Order) -> hosting.Narrow:
    """A diagnosis is the reads of its procedure, a probe only reads; a remediation is all of it."""
    if order.purpose is orders.Purpose.PROBE:
        return procedure_probes.narrow
    if order.purpose is not orders.Purpose.DIAGNOSIS:
        return running.whole

    def narrow(prepared: running.Prepared) -> running.Prepared:
        found = diagnosing.of(prepared.procedure, order.inputs)
        if found is None:
            raise NothingError("the procedure has no read that may run by itself")
        return dataclasses.replace(prepared, procedure=found.procedure, missing=())

    return narrow
