"""The use case behind `undo`: a new run that takes an old one back."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from midwatch.app import (
    actors,
    documents,
    environments,
    kept_runbook,
    outsides,
    running,
    settings,
    showing,
)
from midwatch.base import clock, errors, shape
from midwatch.db import place
from midwatch.engine import local, local_secrets
from midwatch.guards import model as guards
from midwatch.plugs.steps import shell_state
from midwatch.runbook import model as runbooks
from midwatch.runs import events, finding, journal, model, plan, state, undo_marks, undoing


@shape.frozen
class Wish:
    """What somebody asked `midwatch undo` for."""

    run: str
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may: guards.May | None = None
    attended: bool = False
    break_glass: str = ""


@shape.frozen
class Undo:
    """A run that can be taken back."""

    run_id: str
    standing: state.State
    prepared: running.Prepared
    given: Mapping[str, str]
    shell: str
    """The state of its shell in the end."""
    gone: frozenset[str]
    """Variables of that state that held a secret which was not kept."""
    before: undo_marks.Mark | None
    """An undo of it that was begun before."""

    def with_values(self, values: Mapping[str, str]) -> Undo:
        """The same, with values that a person gave."""
        return dataclasses.replace(self, given={**self.given, **values})

    def plan(
        self, prepared: running.Prepared, given: Mapping[str, str], scripts_folder: Path
    ) -> model.Plan:
        """The plan of the way back."""
        base = running.planned(prepared, given, scripts_folder)
        wanted = undoing.Wanted(
            run_id=self.run_id,
            standing=self.standing,
            rollback=base.steps,
            judge=documents.judging(prepared.runbook),
            shell=self.shell,
            gone=self.gone,
            folder=str(running.folder_of(self.run_id)),
        )
        return undoing.plan(base, wanted)

    def preview(self) -> model.Plan:
        """The plan as it is shown before anything is recorded."""
        return self.plan(self.prepared, self.given, Path("$MIDWATCH_RUN"))

    def begin(self, faces: running.Faces) -> running.Begun:
        """Record the new run and become its owner."""

        def make(
            prepared: running.Prepared, given: Mapping[str, str], scripts_folder: Path
        ) -> model.Plan:
            local_secrets.copy(running.folder_of(self.run_id), scripts_folder.parent)
            return self.plan(prepared, given, scripts_folder)

        begun = running.begin(self.prepared, self.given, faces, make)
        self._mark(begun.run_id)
        return begun

    def _mark(self, undo: str) -> None:
        """Write into the old run's journal that it is taken back."""
        records = journal.Journal(place.state_folder())
        owner = local.own(running.folder_of(self.run_id), self.run_id)
        try:
            event = events.UndoBegan(undo, actors.of(os.environ).name)
            seq = records.read(self.run_id)[-1].seq + 1
            records.append(self.run_id, seq, clock.SystemClock().now(), event)
        finally:
            os.close(owner)

    def forget(self) -> None:
        """It is taken back: nobody needs the secrets any more that it computed."""
        local_secrets.forget(running.folder_of(self.run_id))


def prepare(wish: Wish) -> Undo:
    """Find the run, and the document as it was then."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(wish.run)
    folder = running.folder_of(run_id)
    if local.is_owned(folder):
        raise errors.WorldError(
            f"Run {run_id} is still being carried out.",
            f"End it first: midwatch stop {run_id}",
        )
    standing = state.fold(records.read(run_id))
    made = standing.plan
    found = settings.find((Path(made.runbook).resolve().parent, Path(made.folder)))
    target = found.targets.get(made.target, settings.Target(made.target))
    environment = environments.of(os.environ, target.environment, found.secrets)
    runbook = _runbook(run_id, folder, made)
    procedure = _way_back(finding.procedure(runbook, made.procedure))
    addresses = outsides.addresses(target, environment.all)
    known = {name: value for name, value in made.inputs.items() if value != model.MASK}
    given = {**known, **wish.given}
    wanted = plan.inputs_of(procedure.steps, outsides.of(addresses, procedure))
    asked = running.Wish(
        address=f"{made.runbook}#{made.procedure}",
        target=made.target,
        given=given,
        may=wish.may,
        attended=wish.attended,
        break_glass=wish.break_glass,
    )
    prepared = running.Prepared(
        wish=asked,
        runbook=runbook,
        procedure=procedure,
        target=target,
        policy=found.policy,
        patience=found.patience,
        environment=environment,
        missing=plan.inputs(wanted, given, environment.all).missing,
        folder=Path(made.folder),
        addresses=addresses,
    )
    ended = standing.shell
    if standing.exit_trap:  # it belongs to the end of that run, not of this one
        ended = shell_state.without_exit_trap(ended)
    shell, gone = local_secrets.as_far_as_kept(folder, ended)
    before = undo_marks.of(records.database, run_id)
    return Undo(run_id, standing, prepared, given, shell, gone, before)


def marks(run_ids: Iterable[str]) -> dict[str, undo_marks.Mark]:
    """Those of the runs that were taken back, and by which."""
    records = journal.Journal(place.state_folder())
    found = ((run_id, undo_marks.of(records.database, run_id)) for run_id in run_ids)
    return {run_id: mark for run_id, mark in found if mark is not None}


def _way_back(procedure: runbooks.Procedure) -> runbooks.Procedure:
    """The procedure's own rollback alone; where it is nothing else, that is what ran."""
    back = tuple(step for step in procedure.steps if step.phase is runbooks.Phase.UNDO)
    forward = len(back) < len(procedure.steps)
    return dataclasses.replace(procedure, steps=back if forward else ())


def _runbook(run_id: str, folder: Path, made: model.Plan) -> runbooks.Runbook:
    data = kept_runbook.find(folder, made)
    if data is None:
        raise errors.WorldError(
            f"The runbook of run {run_id} is not there any more as it was: {made.runbook}.",
            f"Take it back by hand; `midwatch transcript {run_id}` says what was done.",
        )
    return showing.compile_all([(made.runbook, data)])[0]
