"""Steps that are no shell: laid ready for a process of their own, and heard while they run."""

from __future__ import annotations

import dataclasses
import datetime
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import errors
from midwatch.commands import model as commands
from midwatch.engine import local_world
from midwatch.guards import model as guards
from midwatch.plugs.steps import ended, registry, shell, worker, worker_files
from midwatch.runbook import model as runbooks
from midwatch.runs import events, model, questions

if TYPE_CHECKING:
    from midwatch.engine import local

FOLDER = "outside"
NO_SECONDS = 0.0


def is_one(step: model.PlannedStep) -> bool:
    """Whether a process of our own carries the step out."""
    return step.carrier is model.Carrier.OUTSIDE


def folder_of(place: shell.Attempt) -> Path:
    """Where the process of the step and Midwatch talk."""
    return Path(place.place(FOLDER))


def script(
    run: local.Run, step: model.PlannedStep, place: shell.Attempt, before: str
) -> shell.Script:
    """Lay the step ready; what the shell runs is our process and nothing else."""
    world = run.world
    kind = registry.KINDS[runbooks.Kind(step.kind)]
    address = world.addresses.get(kind.address, "")
    kind.require(address)
    folder = folder_of(place)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        worker_files.write_request(folder, _request(run, step, address))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(f"The step's files in {folder} cannot be written: {reason}.") from (
            error
        )
    words = [sys.executable, "-X", "utf8", "-E", "-P", "-m", worker.__name__, str(folder)]
    variables = {**world.environment, worker.ADDRESS: address}
    return shell.Script(f"exec {shlex.join(words)}\n", before, variables)


def _request(run: local.Run, step: model.PlannedStep, address: str) -> worker_files.Request:
    world = run.world
    seconds = world.addresses.get("statement_seconds")
    return worker_files.Request(
        kind=step.kind,
        pieces=step.pieces or (step.text,),
        parameters=tuple(dict(each) for each in step.parameters),
        effect=step.effect.value,
        phase=step.phase,
        expected=step.expected,
        ask=_asks(world, step),
        seconds=float(seconds) if seconds else None,
        context=address if step.kind == runbooks.Kind.MANIFEST else "",
        until=_until(run, step),
    )


def _asks(world: local_world.World, step: model.PlannedStep) -> bool:
    """A person who is there sees what changes before it stays, unless they said `--yes change`."""
    said = world.setting.may is guards.May.CHANGE and step.effect is not commands.Effect.DESTROY
    waits = step.kind == runbooks.Kind.WAIT
    return world.setting.attended and (waits or not said)


def _until(run: local.Run, step: model.PlannedStep) -> float:
    """When a wait is over: counted from its first start, which the journal knows."""
    if step.kind != runbooks.Kind.WAIT:
        return NO_SECONDS
    begun: datetime.datetime = next(
        (
            each.at
            for each in run.world.journal.read(run.run_id)
            if isinstance(each.event, events.StepStarted) and each.event.step == step.index
        ),
        run.world.clock.now(),
    )
    return begun.timestamp() + registry.waits(step.text)


def allowed(step: model.PlannedStep, given: guards.Allow) -> guards.Allow:
    """A wait knows its own end; the guard's limits are for what should have been done by then."""
    if is_one(step) and step.kind == runbooks.Kind.WAIT:
        return dataclasses.replace(given, seconds=None, window=False)
    return given


def relay(world: local_world.World, step: model.PlannedStep, place: shell.Attempt) -> None:
    """Ask the person what the step asks, and tell the step what they say."""
    if not is_one(step):
        return
    folder = folder_of(place)
    if step.kind == runbooks.Kind.WAIT:
        if world.setting.attended and world.person.hurried():
            worker_files.answer(folder, worker_files.YES)
        return
    asked = worker_files.question(folder)
    if asked is None or not world.setting.attended:
        return
    said = world.person.answer(questions.Keep(step, asked))
    yes = isinstance(said, events.Approved)
    worker_files.answer(folder, worker_files.YES if yes else worker_files.NO)


def meaning(step: model.PlannedStep, place: shell.Attempt) -> str:
    """What the step says of its own end; nothing of a step of shell."""
    return worker_files.meaning(folder_of(place)) if is_one(step) else ""


def stopped(step: model.PlannedStep, found: shell.Found) -> str:
    """What is known of a step that was stopped."""
    taken_back = isinstance(found, shell.Ended) and found.exit == ended.Exit.ROLLED_BACK
    if is_one(step) and taken_back:
        return "it was stopped on the way, and nothing of it stays"
    return "it was stopped on the way"


def lost(step: model.PlannedStep, place: shell.Attempt) -> str:
    """What is known of a step that was cut off."""
    folder = folder_of(place)
    held = is_one(step) and worker_files.reached(folder, worker_files.HOLDING)
    if held and not worker_files.reached(folder, worker_files.COMMITTING):
        return "it was cut off before COMMIT was sent: the database takes it back by itself"
    return "it was cut off, and left no exit status"
