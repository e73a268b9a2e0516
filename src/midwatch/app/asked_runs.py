"""What runs of incidents ask, as their incidents are told it, and the end of those in vain."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from midwatch.app import masking, running, stopping
from midwatch.base import errors
from midwatch.db import standing, store
from midwatch.engine.watch import remediating
from midwatch.incidents import asking, orders
from midwatch.incidents import events as incident_events
from midwatch.runs import answers, events, hosted, journal, model, run_lists, state

LOG = logging.getLogger(__name__)


def event(
    records: journal.Journal, run: str, purpose: orders.Purpose
) -> incident_events.RunWaits | None:
    """What the run asks now, without secrets; None where it does not wait."""
    recorded = records.read(run)
    waiting = recorded[-1].event
    if not isinstance(waiting, events.Waiting):
        return None
    stands = state.fold(recorded)
    plan, yeses = stands.plan, stands.step(waiting.step).yeses
    mask = masking.known_here(plan.runbook, plan.target, running.folder_of(run)).text
    return incident_events.RunWaits(
        run=run,
        purpose=purpose.value,
        asks=waiting.asks,
        question=mask(waiting.question),
        text=mask(plan.steps[waiting.step].text),
        command=answers.command(run, waiting),
        said=tuple(yes.by for yes in yeses if yes.by) if waiting.asks == answers.APPROVE else (),
    )


def end_in_vain(where: store.Store, records: journal.Journal, host: str) -> None:
    """End what waits although its incident is over, or remediation paused: no yes may start it."""
    paused = bool(standing.get(where, remediating.PAUSE))
    for run in asking.in_vain(where, paused=paused):
        found = run_lists.one(records.database, run)
        waits = found is not None and found.outcome in run_lists.WAITS
        if not waits or hosted.Book(records.database, host).terms(run) is None:
            continue  # it goes on, or a person took it up
        try:
            stopping.stop(run)
        except errors.MidwatchError as error:
            LOG.warning("run %s could not be ended: %s", run, error.message)


def ended_by_person(
    where: store.Store, records: journal.Journal, host: str
) -> Iterator[tuple[str, model.Outcome]]:
    """The runs of open orders that a person took up and brought to an end."""
    going_on = (*orders.going_on(where), *asking.going_on(where))
    if not going_on:
        return
    held = {each.run_id for each in hosted.Book(records.database, host).unfinished()}
    for run in going_on:
        found = None if run in held else run_lists.one(records.database, run)
        if found is not None and found.outcome in hosted.OVER:
            yield run, found.outcome
