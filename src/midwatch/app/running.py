"""The use cases behind `run`, `resume`, `runs`, `stop` and `transcript`."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from midwatch.app import actors, documents, environments, kept_runbook, outsides, settings
from midwatch.base import clock, errors, ids
from midwatch.commands import model as commands
from midwatch.db import place
from midwatch.engine import local, local_steps, local_world
from midwatch.guards import model as guards
from midwatch.plugs.steps import processes, shell
from midwatch.runbook import model as runbooks
from midwatch.runs import decide, events, finding, journal, model, patience, plan, secrets, state

RUNS = "runs"
STOP_SECONDS = 10.0


@dataclasses.dataclass(frozen=True, slots=True)
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


@dataclasses.dataclass(frozen=True, slots=True)
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


@dataclasses.dataclass(frozen=True, slots=True)
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
    environment = environments.of(os.environ, target.environment)
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
        requested_by=actors.of(os.environ).name,
    )


def _judge(runbook: runbooks.Runbook) -> Callable[[str], commands.Judgement]:
    return documents.judging(runbook)


def preview(prepared: Prepared, given: Mapping[str, str]) -> model.Plan:
    """The plan as `--dry-run` shows it; nothing is recorded."""
    return planned(prepared, given, Path("$MIDWATCH_RUN") / local_steps.SCRIPTS)


Planner = Callable[[Prepared, Mapping[str, str], Path], model.Plan]


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A run that can be carried out: recorded, and owned by this process."""

    run_id: str
    run: local.Run
    folder: Path
    owner: int
    began: datetime.datetime


def folder_of(run_id: str) -> Path:
    """Where a run's files lie."""
    return place.state_folder() / RUNS / run_id


def begin(
    prepared: Prepared, given: Mapping[str, str], faces: Faces, make: Planner = planned
) -> Begun:
    """Record a new run and become its owner."""
    ticks = clock.SystemClock()
    records = journal.Journal(place.state_folder())
    while True:
        now = ticks.now()
        run_id = ids.run_id(now)
        folder = folder_of(run_id)
        made = make(prepared, given, folder / local_steps.SCRIPTS)
        outsides.require(made, prepared.addresses)
        owner = local.own(folder, run_id)
        event = events.Planned(made)
        if records.create(run_id, now, event):
            break
        os.close(owner)
    values = {**prepared.environment.secret, **_secret_inputs(made, given, prepared.environment)}
    setting = decide.Setting(
        attended=prepared.wish.attended,
        may=prepared.wish.may,
        chosen=prepared.wish.chosen,
        policy=prepared.policy,
        patience=prepared.patience,
        actor=made.requested_by,
        break_glass=prepared.wish.break_glass,
    )
    first = events.Recorded(0, now, event)
    run = _run(
        run_id,
        [first],
        records,
        setting=setting,
        faces=faces,
        secret_values=values,
        addresses=prepared.addresses,
        made=made,
    )
    kept_runbook.keep(folder, prepared.runbook, run.world.masker)
    faces.began(run_id, first)
    return Begun(run_id, run, folder, owner, now)


def _secret_inputs(
    made: model.Plan, given: Mapping[str, str], environment: environments.Environment
) -> dict[str, str]:
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


@dataclasses.dataclass(frozen=True, slots=True)
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


Replan = Callable[[str, state.State], events.Replanned]
"""From a run and where it stands to the plan that it goes on with."""


def resume(again: Again, faces: Faces, replan: Replan | None = None) -> Begun:
    """Take a run up where its journal ends, or from a step that `replan` names."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(again.run)
    folder = folder_of(run_id)
    owner = local.own(folder, run_id)
    recorded = records.read(run_id)
    standing = state.fold(recorded)
    replanned = replan(run_id, standing) if replan is not None else None
    made = standing.plan if replanned is None else replanned.plan
    found = settings.find((Path(made.runbook).resolve().parent, Path(made.folder)))
    target = found.targets.get(made.target, settings.Target(made.target))
    environment = environments.of(os.environ, target.environment)
    values = _same_secrets(made, again.given, environment)
    setting = decide.Setting(
        attended=again.attended,
        may=again.may,
        in_doubt=again.in_doubt,
        after_failure=again.after_failure,
        chosen=again.chosen,
        policy=found.policy,
        patience=found.patience,
        actor=actors.of(os.environ).name,
        break_glass=again.break_glass,
    )
    run = _run(
        run_id,
        recorded,
        records,
        setting=setting,
        faces=faces,
        secret_values=values,
        addresses=outsides.addresses(target, environment.all),
        made=made,
    )
    faces.began(run_id, recorded[0])
    if replanned is not None or standing.outcome is not model.Outcome.SUCCEEDED:
        run.record(events.Resumed(f"{setting.actor}, process {os.getpid()}"))
    if replanned is not None:
        run.record(replanned)
    return Begun(run_id, run, folder, owner, recorded[0].at)


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
    return {**found, **_secret_inputs(made, given, environment)}


def runs(limit: int) -> list[journal.Summary]:
    """The latest runs; one that nobody carries out any more is `interrupted`."""
    records = journal.Journal(place.state_folder())
    return [_honest(each) for each in records.runs(limit)]


def _honest(summary: journal.Summary) -> journal.Summary:
    running = summary.outcome is model.Outcome.RUNNING
    if running and not local.is_owned(folder_of(summary.run_id)):
        return dataclasses.replace(summary, outcome=model.Outcome.INTERRUPTED)
    return summary


def stop(run: str) -> model.Outcome:
    """Stop a run from outside: ask its owner, or where there is none, end its step ourselves."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(run)
    folder = folder_of(run_id)
    ticks = clock.SystemClock()
    standing = state.fold(records.read(run_id))
    if standing.finished is not None:
        return standing.outcome
    records.request(run_id, ticks.now(), "stop")
    until = ticks.monotonic() + STOP_SECONDS
    while local.is_owned(folder) and ticks.monotonic() < until:
        ticks.sleep(0.05)
    if local.is_owned(folder):
        raise errors.WorldError(
            f"Run {run_id} was asked to stop, and has not stopped within {STOP_SECONDS:g} s.",
            "Its owner may wait for a person; Ctrl-C in its terminal ends it.",
        )
    owner = local.own(folder, run_id)
    try:
        return _stop_without_owner(run_id, folder, records, ticks)
    finally:
        os.close(owner)


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
            )
        why = "`midwatch stop` found it without an owner and ended it"
        event = events.StepInterrupted(index, step.attempts, why)
        records.append(run_id, seq, ticks.now(), event)
        seq += 1
    finished = events.Finished(model.Outcome.STOPPED, "`midwatch stop` was asked for")
    records.append(run_id, seq, ticks.now(), finished)
    return finished.outcome
