"""Going on from a step of a run again, with other inputs: the plan that it goes on with."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from midwatch.app import actors, environments, kept_runbook, outsides, running, settings, showing
from midwatch.base import errors
from midwatch.commands import model as commands
from midwatch.engine import local_steps
from midwatch.runs import events, finding, model, plan, state

OPEN = frozenset({state.Status.STARTED, state.Status.IN_DOUBT})


def of(again: running.Again, number: int) -> running.Replan:
    """What makes the plan, once it is known which run it is and where it stands."""

    def replan(run_id: str, standing: state.State) -> events.Replanned:
        _check(run_id, standing, number)
        made = standing.plan
        if again.given:
            made = _with_inputs(run_id, standing.plan, again, number - 1)
        by = again.actor or actors.of(os.environ).name
        return events.Replanned(made, number - 1, by)

    return replan


def _check(run_id: str, standing: state.State, number: int) -> None:
    steps = standing.plan.steps
    if number > len(steps):
        raise errors.UserError(
            f"Run {run_id} has no step {number}: it has {len(steps)}.",
            f"`midwatch transcript {run_id}` shows them.",
        )
    for step in steps[number - 1 :]:
        reads = step.effect is commands.Effect.READ
        if standing.step(step.index).status in OPEN and not reads:
            raise errors.WaitingError(
                f"Step {step.index + 1} ({step.title}) has begun, and nobody knows how it ended.",
                f"Settle that first: midwatch resume {run_id} --in-doubt done|repeat|skip.",
            )
    before = [step for step in steps[: number - 1] if standing.step(step.index) == state.UNTOUCHED]
    if before:
        raise errors.UserError(
            f"Step {number} is further than run {run_id} has come: step {before[0].index + 1} "
            f"({before[0].title}) is next.",
            f"midwatch resume {run_id} goes on there.",
        )


def _with_inputs(run_id: str, before: model.Plan, again: running.Again, first: int) -> model.Plan:
    """What was done stays as it was; from that step on the other inputs are in."""
    folder = running.folder_of(run_id)
    prepared, given = _prepared(run_id, folder, before, again)
    made = running.planned(prepared, given, folder / local_steps.SCRIPTS)
    same = [step.line for step in made.steps] == [step.line for step in before.steps]
    if before.undoes or not same:
        raise errors.UserError(
            f"The inputs of run {run_id} cannot be changed: its plan is no longer made like this.",
            "Start a new run with the other inputs.",
        )
    steps = (*before.steps[:first], *made.steps[first:])
    outsides.require(made, prepared.addresses)
    return dataclasses.replace(
        made,
        steps=steps,
        runbook_digest=before.runbook_digest,
        requested_by=before.requested_by,
        environment=before.environment,
        secret_environment=before.secret_environment,
        secrets={**before.secrets, **made.secrets},
    )


def _prepared(
    run_id: str, folder: Path, before: model.Plan, again: running.Again
) -> tuple[running.Prepared, dict[str, str]]:
    data = kept_runbook.find(folder, before)
    if data is None:
        raise errors.WorldError(
            f"The runbook of run {run_id} is not there any more as it was: {before.runbook}.",
            "Start a new run with the other inputs.",
        )
    runbook = showing.compile_all([(before.runbook, data)])[0]
    procedure = finding.procedure(runbook, before.procedure)
    found = settings.find((Path(before.runbook).resolve().parent, Path(before.folder)))
    target = found.targets.get(before.target, settings.Target(before.target))
    environment = environments.of(os.environ, target.environment, found.secrets)
    addresses = outsides.addresses(target, environment.all)
    wanted = plan.inputs_of(plan.steps_of(procedure), outsides.of(addresses, procedure))
    plan.check_names(again.given, wanted, procedure.id)
    known = {name: value for name, value in before.inputs.items() if value != model.MASK}
    given = {**known, **again.given}
    prepared = running.Prepared(
        wish=running.Wish(f"{before.runbook}#{before.procedure}", before.target, given),
        runbook=runbook,
        procedure=procedure,
        target=target,
        policy=found.policy,
        patience=found.patience,
        environment=environment,
        missing=(),
        folder=Path(before.folder),
        addresses=addresses,
    )
    return prepared, given
