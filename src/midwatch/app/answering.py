"""The use case behind `midwatch answer`: what a waiting run asks, and what somebody says to it."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.app import actors, approving, awaiting, second_person
from midwatch.base import clock, errors
from midwatch.db import place
from midwatch.runs import answer_book, answers, events, journal, model, state

APPROVE = answers.APPROVE


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A question that a run waits with."""

    run_id: str
    plan: model.Plan
    step: model.PlannedStep
    kind: str
    """`approve`, `choose`, `condition`, `tick`, `failure`, `doubt` or `expected`."""
    sentence: str
    bound: str
    """What an answer is bound to."""
    choices: tuple[str, ...]
    since: datetime.datetime


def asked(run: str, records: journal.Journal | None = None) -> Asked:
    """What the run waits for; a sentence where it waits for nothing that can be answered."""
    records = records or journal.Journal(place.state_folder())
    run_id = records.find(run)
    recorded = records.read(run_id)
    last, standing = recorded[-1], state.fold(recorded)
    waiting = (
        last.event if isinstance(last.event, events.Waiting) else awaiting.of(run_id, recorded)
    )
    if waiting is None or not waiting.bound:
        raise errors.ConflictError(
            f"Run {run_id} ({standing.outcome}) asks nothing that can be answered from here.",
            f"`midwatch transcript {run_id}` shows where it stands.",
        )
    return Asked(
        run_id=run_id,
        plan=standing.plan,
        step=standing.plan.steps[waiting.step],
        kind=waiting.asks,
        sentence=waiting.question,
        bound=waiting.bound,
        choices=waiting.answers,
        since=last.at,
    )


def answer(
    question: Asked,
    said: str,
    note: str,
    actor: actors.Actor,
    records: journal.Journal | None = None,
) -> None:
    """Write the answer down; whoever carries the run out takes it from there."""
    records = records or journal.Journal(place.state_folder())
    if said not in question.choices:
        known = ", ".join(question.choices)
        raise errors.UserError(f"“{said}” is no answer to this.", f"One of: {known}.")
    if question.kind == APPROVE and said == answers.YES:
        waiting = approving.pending(question.run_id, question.step.index + 1, actor, records)
        if waiting.bound != question.bound:
            raise not_this(question.run_id)
    elif (
        actor.has_token
        and said != answers.SKIP
        and answers.approves(question.kind, said, question.step)
    ):
        second_person.require_other(question.plan, actor)
    given = answers.Given(clock.SystemClock().now(), actor.name, actor.account, said, note)
    answer_book.give(records.database, question.run_id, question.bound, given)


def not_this(run_id: str) -> errors.ConflictError:
    """What is told of an answer to something else."""
    return errors.ConflictError(
        f"What run {run_id} asks is not what you were shown any more.",
        "Look at it anew, and answer what you see.",
    )
