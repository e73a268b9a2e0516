"""The use case behind `midwatch approve`: what waits for a yes, and the yes to exactly that."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from midwatch.app import actors, second_person, settings
from midwatch.base import clock, errors
from midwatch.db import place
from midwatch.guards import decide as guard
from midwatch.guards import model as guards
from midwatch.runs import answer_book, answers, approvals, journal, model, state


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """A step that waits for people, as it is shown to somebody who may say yes."""

    run_id: str
    plan: model.Plan
    step: model.PlannedStep
    bound: str
    """What the yes is bound to."""
    asked: guards.Ask
    source: str
    types_target: bool
    actor: actors.Actor


def pending(
    run: str,
    number: int | None,
    actor: actors.Actor | None = None,
    records: journal.Journal | None = None,
) -> Pending:
    """What would be approved; a sentence where there is nothing to say yes to."""
    actor = actor or actors.of(os.environ)
    records = records or journal.Journal(place.state_folder())
    run_id = records.find(run)
    standing = state.fold(records.read(run_id))
    if standing.finished is not None:
        raise errors.UserError(
            f"Run {run_id} is over ({standing.outcome}): nothing waits for a yes."
        )
    step = _step(run_id, standing, number)
    at, now = standing.step(step.index), clock.SystemClock().now()
    found = settings_of(standing.plan)
    said = approvals.valid(at, step, now, found.policy.approval_seconds)
    explained = guard.explain(facts(standing.plan, step, said, actor))
    asked = explained.decision
    if isinstance(asked, guards.Refuse):
        raise errors.UserError(f"Step {step.index + 1} is refused: {asked.reason}", asked.way)
    if isinstance(asked, guards.Allow):
        raise errors.UserError(
            f"Step {step.index + 1} of run {run_id} needs no further yes: {asked.why}",
            f"`midwatch resume {run_id}` goes on.",
        )
    bound = approvals.bound(run_id, step, at.attempts + 1)
    counting = [each for each in at.yeses if each.by in said.people]
    counting += _on_their_way(records, run_id, bound, found.policy.approval_seconds)
    second_person.require(standing.plan, asked, counting, actor, found)
    return Pending(
        run_id=run_id,
        plan=standing.plan,
        step=step,
        bound=bound,
        asked=asked,
        source=explained.source,
        types_target=types_target(standing.plan, step, actor),
        actor=actor,
    )


def _on_their_way(
    records: journal.Journal, run_id: str, bound: str, seconds: float
) -> list[state.Yes]:
    """The yeses to exactly this that nobody took over yet, and that still count."""
    given, now = answer_book.given(records.database, run_id, bound), clock.SystemClock().now()
    return [
        state.Yes(each.actor, how=each.place)
        for each in given
        if each.said == answers.YES and answers.fresh(each, now, seconds)
    ]


def _step(run_id: str, standing: state.State, number: int | None) -> model.PlannedStep:
    """The step that was named, or the first one that is not over."""
    steps = standing.plan.steps
    if number is not None and not 1 <= number <= len(steps):
        raise errors.UserError(f"Run {run_id} has steps 1 to {len(steps)}, and no step {number}.")
    left = [step for step in steps if standing.step(step.index).status in OPEN]
    found = left[0] if left and number is None else steps[(number or 1) - 1]
    if found not in left:
        status = standing.step(found.index).status
        raise errors.UserError(f"Step {found.index + 1} of run {run_id} is {status} already.")
    if found.carrier is model.Carrier.PERSON:
        raise errors.UserError(
            f"Step {found.index + 1} ({found.title}) is carried out by a person.",
            f"`midwatch resume {run_id}` on a terminal asks whether it is done.",
        )
    return found


OPEN = frozenset({state.Status.PENDING, state.Status.REFUSED})


def facts(
    plan: model.Plan, step: model.PlannedStep, said: approvals.Valid, actor: actors.Actor
) -> guards.Facts:
    """As the guard sees the step, of an unattended run of whoever asked for it."""
    return guards.Facts(
        effect=step.effect,
        traits=step.traits,
        target=plan.target,
        procedure=plan.procedure,
        tools=step.tools,
        attended=False,
        may=None,
        approved=said.approved,
        policy=settings_of(plan).policy,
        now=clock.SystemClock().now(),
        actor=plan.requested_by or actor.name,
        requester=plan.requested_by,
        approvers=said.people,
    )


def settings_of(plan: model.Plan) -> settings.Settings:
    """What the team says today."""
    return settings.find((Path(plan.runbook).resolve().parent, Path(plan.folder)))


def types_target(plan: model.Plan, step: model.PlannedStep, actor: actors.Actor) -> bool:
    """Whether one person alone would have to type the target's name; then a second one does too."""
    nobody = approvals.Valid(approved=False, people=frozenset())
    alone = dataclasses.replace(facts(plan, step, nobody, actor), attended=True, requester="")
    asked = guard.decide(alone)
    return isinstance(asked, guards.Ask) and asked.manner is guards.Manner.TYPE_TARGET


def approve(waiting: Pending) -> None:
    """Write the yes down; whoever carries the run out takes it from there."""
    records = journal.Journal(place.state_folder())
    actor = waiting.actor
    given = answers.Given(clock.SystemClock().now(), actor.name, actor.account)
    answer_book.give(records.database, waiting.run_id, waiting.bound, given)
