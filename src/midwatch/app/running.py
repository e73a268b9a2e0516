"""The use cases behind `run`, `resume`, `runs`, `stop` and `transcript`."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from midwatch.app import actors, documents, environments, kept_runbook, outsides, settings
from midwatch.base import clock, errors, ids, shape
from midwatch.commands import model as commands
from midwatch.db import database, place
from midwatch.engine import failpoints, local, local_steps, local_world
from midwatch.guards import model as guards
from midwatch.runbook import model as runbooks
from midwatch.runbook import wording
from midwatch.runs import (
    decide,
    events,
    finding,
    hosted,
    journal,
    model,
    patience,
    plan,
    secrets,
    state,
)

RUNS = "runs"


@shape.frozen
class Wish:
    """What somebody asked `midwatch run` for."""

    address: str
    """RUNBOOK#PROCEDURE."""
    target: str | None = None
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may: guards.May | None = None
    chosen: frozenset[str] = frozenset()
    attended: bool = False
    break_glass: str = ""
    """Why the policy's own lines are set aside."""
    asked_by: str | None = None
    """Who asks; the user of this account where that is left out. Nothing stands for nobody: what
    Midwatch starts by itself counts as no person's yes."""


@shape.frozen
class Prepared:
    """A wish understood: the procedure, the target, and the inputs still missing."""

    wish: Wish
    runbook: runbooks.Runbook
    procedure: runbooks.Procedure
    target: settings.Target
    policy: guards.Policy
    patience: patience.Patience
    environment: environments.Environment
    missing: tuple[runbooks.Input, ...]
    folder: Path
    addresses: outsides.Addresses


@shape.frozen
class Faces:
    """Who answers, who shows, and who may interrupt."""

    person: local_world.Person
    listener: local_world.Listener
    interruption: local_world.Interruption
    began: Callable[[str, events.Recorded], None]
    """Told the run's id and its plan, before anything else happens."""


def prepare(wish: Wish) -> Prepared:
    """Read the runbook, find the procedure and the target, and see which inputs are missing."""
    path_text, _, name = wish.address.partition("#")
    runbook = documents.read(path_text)
    procedure = finding.procedure(runbook, name)
    folder = Path.cwd()
    found = settings.find((Path(path_text).resolve().parent, folder))
    target = found.target(wish.target)
    environment = environments.of(os.environ, target.environment, found.secrets)
    addresses = outsides.addresses(target, environment.all)
    steps = plan.steps_of(procedure)
    wanted = plan.inputs_of(steps, outsides.of(addresses, procedure))
    plan.check_names(wish.given, wanted, procedure.id)
    inputs = plan.inputs(wanted, wish.given, environment.all)
    return Prepared(
        wish=wish,
        runbook=runbook,
        procedure=procedure,
        target=target,
        policy=found.policy,
        patience=found.patience,
        environment=environment,
        missing=plan.needed(procedure, inputs.missing, wish.chosen, attended=wish.attended),
        folder=Path(target.folder) if target.folder else folder,
        addresses=addresses,
    )


def whole(prepared: Prepared) -> Prepared:
    """All of the procedure, as `midwatch run` carries it out."""
    return prepared


def planned(prepared: Prepared, given: Mapping[str, str], scripts_folder: Path) -> model.Plan:
    """The plan with these inputs; those left out leave their steps to a person."""
    request = plan.Request(
        runbook=prepared.runbook,
        procedure=prepared.procedure,
        target=prepared.target.name,
        given=given,
        environment=prepared.environment.all,
        folder=prepared.folder,
        scripts_folder=scripts_folder,
        judge=_judge(prepared.runbook),
        outside=outsides.of(prepared.addresses, prepared.procedure),
    )
    made = plan.make(request)
    plain = prepared.environment.plain
    return dataclasses.replace(
        made,
        environment={name: plain[name] for name in plain if name not in made.secrets},
        secret_environment=tuple(sorted(prepared.environment.secret)),
        requested_by=_asking(prepared.wish),
        wording=wording.digest(prepared.runbook, prepared.procedure),
    )


def _asking(wish: Wish) -> str:
    return actors.of(os.environ).name if wish.asked_by is None else wish.asked_by


def _judge(runbook: runbooks.Runbook) -> Callable[[str], commands.Judgement]:
    return documents.judging(runbook)


def preview(prepared: Prepared, given: Mapping[str, str]) -> model.Plan:
    """The plan as `--dry-run` shows it; nothing is recorded."""
    return planned(prepared, given, Path("$MIDWATCH_RUN") / local_steps.SCRIPTS)


Planner = Callable[[Prepared, Mapping[str, str], Path], model.Plan]


@shape.frozen
class Begun:
    """A run that can be carried out: recorded, and owned by this process."""

    run_id: str
    run: local.Run
    folder: Path
    owner: int
    began: datetime.datetime
    replanned: events.Replanned | None = None
    """What it goes on with, where that is to be another plan."""


def folder_of(run_id: str) -> Path:
    """Where a run's files lie."""
    return place.state_folder() / RUNS / run_id


@shape.frozen
class Entered:
    """A run that is written down, and owned by this process."""

    run_id: str
    plan: model.Plan
    planned: events.Recorded
    folder: Path
    owner: int


def enter(
    prepared: Prepared,
    given: Mapping[str, str],
    records: journal.Journal,
    make: Planner = planned,
    also: Callable[[str], database.Statement] | None = None,
) -> Entered:
    """Plan a new run and write it down, in one transaction with what else belongs to it."""
    while True:
        now = clock.SystemClock().now()
        run_id = ids.run_id(now)
        folder = folder_of(run_id)
        made = make(prepared, given, folder / local_steps.SCRIPTS)
        outsides.require(made, prepared.addresses)
        owner = local.own(folder, run_id)
        event = events.Planned(made)
        more = () if also is None else (also(run_id),)
        if records.create(run_id, now, event, *more):
            failpoints.reach("after-plan-commit")
            return Entered(run_id, made, events.Recorded(0, now, event), folder, owner)
        os.close(owner)


def begin(
    prepared: Prepared, given: Mapping[str, str], faces: Faces, make: Planner = planned
) -> Begun:
    """Record a new run and become its owner."""
    records = journal.Journal(place.state_folder())
    entered = enter(prepared, given, records, make)
    made, first = entered.plan, entered.planned
    values = {**prepared.environment.secret, **secret_inputs(made, given, prepared.environment)}
    setting = decide.Setting(
        attended=prepared.wish.attended,
        may=prepared.wish.may,
        chosen=prepared.wish.chosen,
        policy=prepared.policy,
        patience=prepared.patience,
        actor=made.requested_by or actors.of(os.environ).name,
        break_glass=prepared.wish.break_glass,
    )
    run = _run(
        entered.run_id,
        [first],
        records,
        setting=setting,
        faces=faces,
        secret_values=values,
        addresses=prepared.addresses,
        made=made,
    )
    kept_runbook.keep(entered.folder, prepared.runbook, run.world.masker)
    faces.began(entered.run_id, first)
    return Begun(entered.run_id, run, entered.folder, entered.owner, first.at)


def secret_inputs(
    made: model.Plan, given: Mapping[str, str], environment: environments.Environment
) -> dict[str, str]:
    """The values of the plan's secret inputs, by the variable that carries each."""
    found = {}
    for variable, name in made.secrets.items():
        value = given.get(name, environment.all.get(name))
        if value is None:
            raise errors.WaitingError(
                f"The secret input {name} is not known; secrets are not written down.",
                f"Give it again: --set {name}=…",
            )
        found[variable] = value
    return found


def _run(
    run_id: str,
    recorded: list[events.Recorded],
    records: journal.Journal,
    *,
    setting: decide.Setting,
    faces: Faces,
    secret_values: Mapping[str, str],
    addresses: outsides.Addresses,
    made: model.Plan,
) -> local.Run:
    environment = {**made.environment, **environments.of_terminal(os.environ), **made.variables}
    folder = folder_of(run_id)
    for name, text in made.scripts.items():
        local_steps.write_script(folder, name, text)
    world = local_world.World(
        journal=records,
        folder=folder,
        clock=clock.SystemClock(),
        person=faces.person,
        listener=faces.listener,
        setting=setting,
        interruption=faces.interruption,
        masker=secrets.Masker([*secret_values.values(), *addresses.secrets]),
        environment={**environment, **secret_values},
        secret_values=secret_values,
        last_request=records.last_request(run_id),
        addresses=addresses.known,
    )
    return local.Run(run_id, recorded, world)


@shape.frozen
class Again:
    """What somebody asked `midwatch resume` for."""

    run: str
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may: guards.May | None = None
    chosen: frozenset[str] = frozenset()
    attended: bool = False
    in_doubt: events.Doubt | None = None
    after_failure: events.AfterFailure | None = None
    break_glass: str = ""
    actor: str = ""
    """Who takes it up; the user of this account where that is left out."""
    reachable: bool = False
    """People answer from elsewhere, so questions wait for them."""
    at_once: bool = False


Replan = Callable[[str, state.State], events.Replanned]
"""From a run and where it stands to the plan that it goes on with."""


def resume(again: Again, faces: Faces, replan: Replan | None = None) -> Begun:
    """Take a run up where its journal ends, or from a step that `replan` names."""
    records = journal.Journal(place.state_folder())
    begun = take_up(again, faces, records, replan)
    run = begun.run
    hosted.release(records.database, begun.run_id)
    if begun.replanned is not None or run.state.outcome is not model.Outcome.SUCCEEDED:
        run.record(events.Resumed(f"{run.world.setting.actor}, process {os.getpid()}"))
    if begun.replanned is not None:
        run.record(begun.replanned)
    return begun


def take_up(
    again: Again, faces: Faces, records: journal.Journal, replan: Replan | None = None
) -> Begun:
    """Own a run and read where it stands; nothing of it is written down yet."""
    run_id = records.find(again.run)
    folder = folder_of(run_id)
    owner = local.own(folder, run_id)
    try:
        recorded = records.read(run_id)
        replanned = replan(run_id, state.fold(recorded)) if replan is not None else None
        run = _again(again, faces, records, (run_id, recorded, replanned))
    except errors.MidwatchError:
        os.close(owner)
        raise
    faces.began(run_id, recorded[0])
    return Begun(run_id, run, folder, owner, recorded[0].at, replanned)


def _again(
    again: Again,
    faces: Faces,
    records: journal.Journal,
    found: tuple[str, list[events.Recorded], events.Replanned | None],
) -> local.Run:
    """The run with today's settings and today's environment."""
    run_id, recorded, replanned = found
    made = replanned.plan if replanned is not None else state.fold(recorded).plan
    settled = settings.find((Path(made.runbook).resolve().parent, Path(made.folder)))
    target = settled.targets.get(made.target, settings.Target(made.target))
    environment = environments.of(os.environ, target.environment, settled.secrets)
    setting = decide.Setting(
        attended=again.attended,
        reachable=again.reachable,
        may=again.may,
        in_doubt=again.in_doubt,
        after_failure=again.after_failure,
        chosen=again.chosen,
        policy=settled.policy,
        patience=patience.Patience(seconds=0.0) if again.at_once else settled.patience,
        actor=again.actor or actors.of(os.environ).name,
        break_glass=again.break_glass,
    )
    return _run(
        run_id,
        recorded,
        records,
        setting=setting,
        faces=faces,
        secret_values=_same_secrets(made, again.given, environment),
        addresses=outsides.addresses(target, environment.all),
        made=made,
    )


def _same_secrets(
    made: model.Plan, given: Mapping[str, str], environment: environments.Environment
) -> dict[str, str]:
    """The secrets the run began with, from today's environment."""
    missing = [name for name in made.secret_environment if name not in environment.all]
    if missing:
        raise errors.WaitingError(
            f"The run began with {', '.join(missing)} in its environment; secrets are not "
            "written down, and now it is not there.",
            "Set it again, then resume.",
        )
    found = {name: environment.all[name] for name in made.secret_environment}
    return {**found, **secret_inputs(made, given, environment)}


def runs(limit: int) -> list[journal.Summary]:
    """The latest runs; one that nobody carries out any more is `interrupted`."""
    records = journal.Journal(place.state_folder())
    return [_honest(each) for each in records.runs(limit)]


def _honest(summary: journal.Summary) -> journal.Summary:
    running = summary.outcome is model.Outcome.RUNNING
    if running and not local.is_owned(folder_of(summary.run_id)):
        return dataclasses.replace(summary, outcome=model.Outcome.INTERRUPTED)
    return summary
