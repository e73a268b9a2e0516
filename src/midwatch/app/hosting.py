"""Runs that Midwatch carries out by itself, many at once: put together for one process."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Callable, Mapping
from concurrent import futures
from typing import Protocol, TypeAlias

from midwatch.app import kept_runbook, replanning, running, stopping
from midwatch.base import errors
from midwatch.db import place
from midwatch.engine import hosting, local_world
from midwatch.runs import events, hosted, journal, model, secrets, state

HOST = "serve"


Narrow: TypeAlias = Callable[[running.Prepared], running.Prepared]


class Listener(hosting.Listener, Protocol):
    """Whoever wants to know what the runs do."""

    def happened(self, run_id: str, recorded: events.Recorded) -> None:
        """Something was written down; called in the thread of the run, so be quick."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Told:
    """Hands on what happens to one run."""

    run_id: str
    listener: Listener

    def happened(self, recorded: events.Recorded) -> None:
        self.listener.happened(self.run_id, recorded)

    def began(self, run_id: str, planned: events.Recorded) -> None:
        """It was told when it was planned."""

    def printed(self, data: bytes) -> None:
        """It lies in the run's folder."""

    def noticed(self, sentence: str) -> None:
        """For people at a terminal."""


class Carrier:
    """Carries runs out, each in the thread that asks for it."""

    def __init__(self, records: journal.Journal, book: hosted.Book, listener: Listener) -> None:
        self._records = records
        self._book = book
        self._listener = listener
        self._interruptions: dict[str, local_world.Interruption] = {}
        self.secret_inputs: dict[str, Mapping[str, str]] = {}
        """Values that are never written down: after a restart somebody must give them again."""
        self._leaving = False

    def carry(self, run_id: str) -> model.Outcome | None:
        """Take the run up and advance it until it is over, waits, or is left."""
        terms = self._book.terms(run_id)
        if terms is None or self._leaving:
            standing = state.fold(self._records.read(run_id))
            return standing.outcome if standing.finished is not None else None
        interruption = self._interruptions.setdefault(run_id, local_world.Interruption())
        if self._leaving:
            interruption.lose("the host was stopped")
        try:
            outcome = self._carry(run_id, terms, interruption)
        finally:
            self._interruptions.pop(run_id, None)
        if outcome in hosted.OVER:
            self.secret_inputs.pop(run_id, None)
        return outcome

    def _carry(
        self, run_id: str, terms: hosted.Terms, interruption: local_world.Interruption
    ) -> model.Outcome | None:
        told = _Told(run_id, self._listener)
        faces = running.Faces(local_world.Nobody(), told, interruption, told.began)
        again = running.Again(
            run=run_id,
            given=self.secret_inputs.get(run_id, {}),
            may=terms.may,
            chosen=terms.chosen,
            reachable=terms.reachable,
            at_once=terms.at_once,
            actor=terms.actor,
        )
        begun = running.take_up(again, faces, self._records)
        try:
            if begun.run.state.finished is not None:
                return begun.run.state.outcome
            if begun.run.stands_still():
                return None
            if not begun.run.is_new:
                host = f"{self._book.host}, process {os.getpid()}"
                begun.run.record(events.Resumed(host))
            return begun.run.carry_out()
        finally:
            os.close(begun.owner)

    def leave(self) -> None:
        """Ask all that is being carried out to be left; steps that run go on by themselves."""
        self._leaving = True
        for interruption in tuple(self._interruptions.values()):
            interruption.lose("the host was stopped")


class Hosting:
    """The runs of one host: start them, wake them, wait for them."""

    def __init__(
        self, listener: Listener, *, host: str = HOST, threads: int = hosting.THREADS
    ) -> None:
        self.records = journal.Journal(place.state_folder())
        self._listener = listener
        self._book = hosted.Book(self.records.database, host)
        self._carrier = Carrier(self.records, self._book, listener)
        self._planner = futures.ThreadPoolExecutor(1, "midwatch-plan")
        self.host = hosting.Host(self._carrier, self._book, listener, threads=threads)

    async def start(
        self, wish: running.Wish, terms: hosted.Terms, narrow: Narrow = running.whole
    ) -> str:
        """Plan a run and write it down, then have it carried out; its id, once it is on disk.

        Inputs that are left out leave their steps to a person.
        """
        loop = asyncio.get_running_loop()
        run_id = await loop.run_in_executor(self._planner, self.enter, wish, terms, narrow)
        self.host.wake(run_id)
        return run_id

    def enter(self, wish: running.Wish, terms: hosted.Terms, narrow: Narrow = running.whole) -> str:
        """Write a new run of this host down; `attach` or `wake` has it carried out.

        `narrow` may leave steps out: a diagnosis is the reads of a procedure.
        """
        prepared = narrow(running.prepare(wish))
        entered = running.enter(
            prepared,
            wish.given,
            self.records,
            also=lambda run_id: self._book.holding(run_id, terms),
        )
        values = running.secret_inputs(entered.plan, wish.given, prepared.environment)
        if values:
            self._carrier.secret_inputs[entered.run_id] = wish.given
        hidden = (*prepared.environment.secret.values(), *values.values())
        masker = secrets.Masker((*hidden, *prepared.addresses.secrets))
        kept_runbook.keep(entered.folder, prepared.runbook, masker)
        os.close(entered.owner)
        self._listener.happened(entered.run_id, entered.planned)
        return entered.run_id

    def entered(self, actor: str) -> str | None:
        """The run that was written down in that name and is not over yet."""
        return self._book.by_actor(actor)

    def release(self, run_id: str) -> None:
        """This host has done with the run: a restart does not go on with it."""
        self._book.release(run_id)

    async def give(self, run_id: str, values: Mapping[str, str], step: int, by: str) -> None:
        """Go on from that step (counted from 1) with values for inputs that were left out.

        Nothing said before counts for it and what comes after it: that is approved anew.
        """
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._planner, self._replan, run_id, values, step, by)
        self.host.wake(run_id)

    def _replan(self, run_id: str, values: Mapping[str, str], step: int, by: str) -> None:
        known = self._carrier.secret_inputs.get(run_id, {})
        again = running.Again(run_id, given={**known, **values}, actor=by)
        told = _Told(run_id, self._listener)
        faces = running.Faces(local_world.Nobody(), told, local_world.Interruption(), told.began)
        replan = replanning.of(again, step)
        begun = running.take_up(again, faces, self.records, replan)
        try:
            if begun.replanned is not None:
                begun.run.record(events.Resumed(by))
                begun.run.record(begun.replanned)
        finally:
            os.close(begun.owner)
        if begun.run.state.plan.secrets:
            self._carrier.secret_inputs[run_id] = again.given

    async def stop(self, run_id: str) -> model.Outcome:
        """End a run and every process of its step."""
        loop = asyncio.get_running_loop()
        outcome = await loop.run_in_executor(None, stopping.stop, run_id)
        self.host.wake(run_id)
        return outcome

    async def close(self) -> None:
        """Leave everything as it stands, and let go of the journal."""
        await self.host.close()
        self._planner.shutdown()
        self.records.close()


class Quiet:
    """A listener that has nothing to say."""

    def happened(self, run_id: str, recorded: events.Recorded) -> None:
        """Nothing."""

    def stood(self, run_id: str, outcome: model.Outcome) -> None:
        """Nothing."""

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        """Nothing."""
