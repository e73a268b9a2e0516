"""The use case behind `midwatch stop`: end a run from anywhere, whoever carries it out."""

from __future__ import annotations

import os
from pathlib import Path

from midwatch.app import running
from midwatch.base import clock, errors
from midwatch.db import place
from midwatch.engine import local, local_steps
from midwatch.plugs.steps import processes, shell
from midwatch.runs import events, journal, model, state

STOP_SECONDS = 10.0
LOOK_SECONDS = 0.05


def stop(run: str) -> model.Outcome:
    """Ask the run's owner to stop it, or where there is none, end its step ourselves."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(run)
    folder = running.folder_of(run_id)
    ticks = clock.SystemClock()
    standing = state.fold(records.read(run_id))
    if standing.finished is not None:
        return standing.outcome
    records.request(run_id, ticks.now(), "stop")
    owner = _owner(run_id, folder, ticks)
    try:
        return _stop_without_owner(run_id, folder, records, ticks)
    finally:
        os.close(owner)


def _owner(run_id: str, folder: Path, ticks: clock.Clock) -> int:
    """Own the run as soon as whoever carries it out has let go of it."""
    until = ticks.monotonic() + STOP_SECONDS
    while ticks.monotonic() < until:
        if local.is_owned(folder):
            ticks.sleep(LOOK_SECONDS)
            continue
        try:
            return local.own(folder, run_id)
        except local.OwnedError:
            continue  # a host looked at it just now
    raise errors.WorldError(
        f"Run {run_id} was asked to stop, and has not stopped within {STOP_SECONDS:g} s.",
        "Its owner may wait for a person; Ctrl-C in its terminal ends it.",
    )


def _stop_without_owner(
    run_id: str, folder: Path, records: journal.Journal, ticks: clock.Clock
) -> model.Outcome:
    recorded_events = records.read(run_id)
    standing = state.fold(recorded_events)
    if standing.finished is not None:
        return standing.outcome
    seq = recorded_events[-1].seq + 1
    for index, step in standing.steps.items():
        if step.status is not state.Status.STARTED:
            continue
        attempt = local_steps.named(folder, run_id, index, step.attempts)
        found = shell.find(attempt, same_boot=step.boot == processes.boot(), ticks=ticks)
        if isinstance(found, shell.Running):
            processes.stop(
                found.pid,
                attempt.mark,
                ticks=ticks,
                seconds=local_steps.GRACE_SECONDS,
                watched=local_steps.must_be_watched(standing.plan.steps[index]),
                silently=bool(standing.exit_trap),
            )
        why = "`midwatch stop` found it without an owner and ended it"
        event = events.StepInterrupted(index, step.attempts, why)
        records.append(run_id, seq, ticks.now(), event)
        seq += 1
    untrapped = "; the runbook's EXIT trap did not run" if standing.exit_trap else ""
    finished = events.Finished(model.Outcome.STOPPED, f"`midwatch stop` was asked for{untrapped}")
    records.append(run_id, seq, ticks.now(), finished)
    return finished.outcome
