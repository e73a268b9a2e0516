"""What a run at somebody's terminal asks of a second person: it stays there until they say yes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.app import actors, approving, running
from midwatch.base import clock
from midwatch.engine import local
from midwatch.guards import decide as guard
from midwatch.guards import model as guards
from midwatch.runs import answers, approvals, decide, events, model, questions, state

MACHINES = frozenset({model.Carrier.SHELL, model.Carrier.OUTSIDE})


def of(run_id: str, recorded: Sequence[events.Recorded]) -> events.Waiting | None:
    """The question; None where the run goes on, stands still, or nobody carries it out."""
    standing = state.fold(recorded)
    if standing.outcome is not model.Outcome.RUNNING:
        return None
    step = _next(standing)
    if step is None or not local.is_owned(running.folder_of(run_id)):
        return None
    plan, at = standing.plan, standing.step(step.index)
    seconds = approving.settings_of(plan).policy.approval_seconds
    said = approvals.valid(at, step, clock.SystemClock().now(), seconds)
    person = actors.Actor(plan.requested_by, "")
    there = dataclasses.replace(approving.facts(plan, step, said, person), attended=True)
    asked = guard.decide(there)
    if not isinstance(asked, guards.Ask) or asked.manner is not guards.Manner.SECOND_PERSON:
        return None
    question = questions.Approve(step, asked.manner, asked.why, asked.approvals, asked.have)
    return events.Waiting(
        step.index,
        questions.sentence(question),
        asks=answers.kind(question),
        bound=answers.bound(run_id, question, at.attempts),
        answers=answers.choices(question),
    )


def _next(standing: state.State) -> model.PlannedStep | None:
    """The step whose turn it is, where a machine is to begin it."""
    for step in standing.plan.steps:
        status = standing.step(step.index).status
        if status not in decide.OVER:
            pending = status is state.Status.PENDING
            return step if pending and step.carrier in MACHINES else None
    return None
