"""The runs that incidents ask for: started under guard, and their results put on the incident."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import functools
import logging
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import TypeVar

from midwatch.app import (
    asked_runs,
    forgotten_looks,
    hosting,
    procedure_probes,
    running,
    stopping,
    tracing,
)
from midwatch.base import clock, errors
from midwatch.db import place, store
from midwatch.engine.watch import arrangements, left_behind, remediating, run_waits
from midwatch.guards import model as guards
from midwatch.incidents import asking, carriers, looks, orders
from midwatch.incidents import events as incident_events
from midwatch.runs import diagnosing, events, hosted, looked, model, shown, state

LOG = logging.getLogger(__name__)
BATCH = 50
TICK_SECONDS = 0.25
PATIENCE = datetime.timedelta(minutes=10)
"""What the world kept from being started for so long is not started any more."""
STUCK = "stuck"
"""Nobody carries the run on: a person must look."""
OVER = frozenset({model.Outcome.SUCCEEDED, model.Outcome.FAILED, model.Outcome.STOPPED})
WAITS = frozenset({model.Outcome.WAITING, model.Outcome.IN_DOUBT})
Found = TypeVar("Found")


class NotAllowedError(errors.UserError):
    """It was asked for, and what holds now is against it."""


class NothingError(errors.UserError):
    """The procedure has nothing that may run by itself."""


class Clerk:
    """One thread with a store of its own, which does what it is handed, in order."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._pool = futures.ThreadPoolExecutor(1, name)
        self._where: store.Store | None = None

    async def ask(self, do: Callable[[store.Store], Found]) -> Found:
        """Do it, and come back with what was found when it is done."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._do, do)

    async def attempt(self, do: Callable[[store.Store], None]) -> BaseException | None:
        """Do it, and come back with what went wrong, whatever that is."""
        doing = asyncio.wrap_future(self._pool.submit(self._do, do))
        await asyncio.wait([doing])
        return doing.exception()

    def hand(
        self, do: Callable[[store.Store], None], over: Callable[[futures.Future[None]], None]
    ) -> None:
        """Do it when what came before is done; `over` hears how it went."""
        self._pool.submit(self._do, do).add_done_callback(over)

    def close(self) -> None:
        """Finish, and let go."""
        self._pool.submit(self._let_go)
        self._pool.shutdown()

    def _do(self, do: Callable[[store.Store], Found]) -> Found:
        if self._where is None:
            self._where = store.connect(self._url)
        return do(self._where)

    def _let_go(self) -> None:
        if self._where is not None:
            self._where.close()


class Runs:
    """Starts what incidents ask for, and tells them how it went."""

    def __init__(
        self,
        url: str,
        folder: Path,
        given: Callable[[], arrangements.Arrangements],
        *,
        host: str = hosting.HOST,
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        self._given = given
        self._may = may
        self._folder = folder
        self._ticks = clock.SystemClock()
        self._starter = Clerk(url, "midwatch-orders")
        self._ender = Clerk(url, "midwatch-results")
        self._host = host
        self._carrier = place.carrier(place.state_folder())
        self._hosting = hosting.Hosting(self, host=host)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event | None = None
        self._closing = False
        self._look_due = float("-inf")
        self._untold = False
        """The end of a run could not be written down."""
        self._unsure: dict[int, str] = {}
        """Runs on disk of which nobody knows whether their order says so, by its number."""

    async def serve(self) -> None:
        """Start what is asked for until closed; what an earlier process began is gone on with."""
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        try:
            while not self._may() and not self._closing:  # noqa: ASYNC110  (a clock, no event)
                await asyncio.sleep(TICK_SECONDS)
            if self._closing:
                return
            await self._starter.ask(self._tell_left_behind)
            await self._begin_all()  # before any can end: which were written down?
            await self._starter.ask(self._let_go_of_strays)
            await self._ender.ask(self._settle)
            await self._hosting.host.attach()
            await self._go_on(self._woken)
        finally:
            await self._hosting.close()
            self._starter.close()
            self._ender.close()

    async def _begin_all(self) -> None:
        """What an earlier process wrote down without noting it is noted before it goes on."""
        await self._begin()
        while self._unsure and not self._closing:
            await asyncio.sleep(TICK_SECONDS)
            await self._begin()

    def _tell_left_behind(self, where: store.Store) -> None:
        left_behind.tell(where, self._given(), self._carrier, self._ticks.now())

    async def _go_on(self, woken: asyncio.Event) -> None:
        answers = asyncio.create_task(self._hosting.host.serve())
        while not self._closing:
            try:
                if self._may():
                    await self._begin()
                await self._look_after_runs()
            except errors.MidwatchError as error:
                LOG.error("runs: %s", error.message)  # noqa: TRY400  (a sentence, no trace)
            if self._untold:
                self._untold = False
                self._ender.hand(self._settle, self._tell_trouble)
            if answers.done():
                answers.result()
            try:
                await asyncio.wait_for(woken.wait(), TICK_SECONDS)
            except TimeoutError:
                continue
            finally:
                woken.clear()
        answers.cancel()
        await asyncio.gather(answers, return_exceptions=True)

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
        self._hand_over(run_id, outcome.value)

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        """A run cannot go on: its incident hears of it, unless that may pass."""
        LOG.warning("run %s cannot go on: %s", run_id or "?", error.message)
        if run_id and not isinstance(error, errors.WorldError):
            self._hand_over(run_id, STUCK)

    def _hand_over(self, run_id: str, outcome: str) -> None:
        self._ender.hand(lambda where: self._ended(where, run_id, outcome), self._tell_trouble)

    def _tell_trouble(self, done: futures.Future[None]) -> None:
        """What could not be written down is looked for again, where the world was in the way."""
        error = done.exception()
        if error is None:
            return
        LOG.error("the end of a run could not be written down: %s", error)
        self._untold = isinstance(error, errors.WorldError) or self._untold

    async def _begin(self) -> None:
        """Start the runs that are asked for; what the world keeps from it is tried again."""
        for order in await self._starter.ask(self._take):
            error = await self._starter.attempt(functools.partial(self._start, order))
            if error is not None:
                await self._put_off(order, error)

    def _take(self, where: store.Store) -> list[orders.Order]:
        """What is asked for; that it is being started is on disk before it is."""
        waiting = carriers.take(where, BATCH, self._carrier)
        known = {order.id for order in waiting}
        for run in [self._unsure.pop(each) for each in tuple(self._unsure) if each not in known]:
            if run:  # that it began is on disk, although nobody was told so
                self._wake(run)
        return waiting

    async def _put_off(self, order: orders.Order, error: BaseException) -> None:
        """Say why it was not started, or try it again: what the world did passes."""
        bug = f"This is a bug in Midwatch ({type(error).__name__}: {error})."
        known = error if isinstance(error, errors.MidwatchError) else errors.BugError(bug)
        young = self._ticks.now() - order.created_at < PATIENCE
        if isinstance(error, errors.WorldError) and young:
            LOG.error("%s is not started yet: %s", order.key, known.message)
            return
        if not isinstance(error, errors.MidwatchError):
            LOG.error("%s was not started", order.key, exc_info=error)
        trouble = await self._starter.attempt(lambda where: self._not_begun(where, order, known))
        if trouble is not None:
            LOG.error("%s: %s", order.key, trouble)

    def _start(self, order: orders.Order, where: store.Store) -> None:
        actor = _actor(order)
        run: str | None = None
        if order.state == "starting":
            self._unsure.setdefault(order.id, "")
            run = self._hosting.entered(actor)
            if run is None:
                del self._unsure[order.id]
        why = remediating.against(where, self._given(), order, self._ticks.now())
        if why:
            raise NotAllowedError(why)
        if run is None:
            run = self._hosting.enter(self._wish(order), _terms(order, actor), _narrow(order))
        self._unsure[order.id] = run
        self._began(where, order, run)
        del self._unsure[order.id]
        self._wake(run)

    def _wake(self, run: str) -> None:
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
        """It does not run, now or later: also not where it was written down already."""
        now = self._ticks.now()
        self._unsure.pop(order.id, None)
        run = self._hosting.entered(_actor(order))
        if run is not None:
            stopping.stop(run)
            self._hosting.release(run)
        if order.purpose is orders.Purpose.PROBE:
            where.write(looks.ended(order, looks.UNKNOWN, error.message, now))
            return
        remediating.not_begun(where, self._given(), order, error.message, now)

    def _wish(self, order: orders.Order) -> running.Wish:
        may = _may(order)
        address = str(self._folder / order.address)
        return running.Wish(
            address=address, target=order.target, given=order.inputs, may=may, asked_by=""
        )

    async def _look_after_runs(self) -> None:
        """At every tick, however often orders come in between."""
        now = self._ticks.monotonic()
        if now >= self._look_due:
            self._look_due = now + TICK_SECONDS
            await self._starter.ask(self._look_after)

    def _look_after(self, where: store.Store) -> None:
        """End what waits in vain; tell the end of what a person took up, and no host carries."""
        records = self._hosting.records
        asked_runs.end_in_vain(where, records, self._host)
        for run, outcome in asked_runs.ended_by_person(where, records, self._host):
            self._hand_over(run, outcome.value)

    def _let_go_of_strays(self, where: store.Store) -> None:
        """What another machine told as in doubt meanwhile is not gone on with by itself."""
        for each in hosted.Book(self._hosting.records.database, self._host).unfinished():
            if carriers.is_going_on(where, each.run_id, self._carrier):
                continue
            LOG.warning("run %s stays as it stands: no order is open for it", each.run_id)
            self._hosting.release(each.run_id)

    def _settle(self, where: store.Store) -> None:
        """Tell incidents of runs that ended, or came to wait for somebody, while nobody looked."""
        for run in (*orders.going_on(where), *asking.going_on(where)):
            recorded = self._hosting.records.read(run)
            outcome = state.fold(recorded).outcome if recorded else None
            if outcome in OVER or outcome in WAITS:
                self._hand_over(run, outcome.value)

    def _ended(self, where: store.Store, run: str, outcome: str) -> None:
        order = orders.of_run(where, run)
        if order is None or order.state not in {"started", asking.STATE}:
            return
        if order.purpose is orders.Purpose.PROBE:
            self._looked(where, order, run)
            return
        if outcome in WAITS and self._asks(where, order, run):
            return
        told = shown.of(self._hosting.records.read(run))
        ending = incident_events.RunEnded(run, order.purpose.value, outcome, told)
        if outcome == STUCK:
            self._hosting.release(run)
        remediating.ended(where, self._given(), order, ending, self._ticks.now())
        tracing.export(self._hosting.records, run)

    def _asks(self, where: store.Store, order: orders.Order, run: str) -> bool:
        """Tell the incident what its run asks; False where that ends a run which only reads."""
        asked = asked_runs.event(self._hosting.records, run, order.purpose)
        if asked is not None:  # else somebody has answered meanwhile: its next stand is told
            run_waits.tell(where, self._given(), order, asked, self._ticks.now())
        return asked is None or order.purpose is not orders.Purpose.DIAGNOSIS

    def _looked(self, where: store.Store, order: orders.Order, run: str) -> None:
        """A look is over; one that waits for somebody is ended: the next one comes anyway."""
        seen = looked.of(self._hosting.records.read(run))
        if seen.answer is looked.Answer.UNKNOWN:
            _stop(run)
        said = f"{seen.said} (run {run})" if seen.said else f"run {run}"
        before = looks.good_before(where, order)  # asked now: the engine forgets them next
        where.write(looks.ended(order, seen.answer.value, said, self._ticks.now()))
        tracing.export(self._hosting.records, run)
        if seen.answer is looked.Answer.GOOD:
            forgotten_looks.forget(self._hosting.records, before)


def _stop(run: str) -> None:
    try:
        stopping.stop(run)
    except errors.MidwatchError as error:
        LOG.warning("run %s of a probe could not be ended: %s", run, error.message)


def _actor(order: orders.Order) -> str:
    return f"midwatch for {order.key}"


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
