"""Answers on their way into the journal: the person's at the terminal, and those from elsewhere."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING

from midwatch.base import shape
from midwatch.runs import answer_book, answers, approvals, events, questions

if TYPE_CHECKING:
    from midwatch.engine import local

LOOK_SECONDS = 0.25


@shape.frozen
class Arrived:
    """What somebody answered from elsewhere, and its number in the book of answers."""

    event: events.Event
    number: int


def signed(run: local.Run, event: events.Event) -> events.Event:
    """What the person at the terminal said, with their name and how long it counts."""
    if not isinstance(event, events.Approved):
        return event
    setting, now = run.world.setting, run.world.clock.now()
    seconds = setting.policy.approval_seconds
    return approvals.signed(event, actor=setting.actor, now=now, seconds=seconds)


def bound(run: local.Run, question: questions.Question) -> str:
    """What an answer to the question is bound to."""
    return answers.bound(run.run_id, question, run.state.step(question.step.index).attempts)


def waiting(run: local.Run, event: events.Waiting, question: questions.Question) -> events.Waiting:
    """The waiting, with all that somebody elsewhere needs to answer."""
    choices = answers.choices(question)
    if not choices:
        return event
    asks, hash_ = answers.kind(question), bound(run, question)
    return dataclasses.replace(event, asks=asks, bound=hash_, answers=choices)


def arrived(run: local.Run, question: questions.Question) -> Arrived | None:
    """An answer that somebody gave from elsewhere to exactly this question."""
    now = run.world.clock.now()
    seconds = run.world.setting.policy.approval_seconds
    given = answer_book.given(run.world.journal.database, run.run_id, bound(run, question))
    if not given:
        return None
    step, standing = question.step, run.state.step(question.step.index)
    people = approvals.valid(standing, step, now, seconds).people
    for each in answers.counting(given, people, now, seconds):
        event = answers.event(question, each)
        if isinstance(event, events.Approved):
            until = (each.at + datetime.timedelta(seconds=seconds)).isoformat()
            return Arrived(dataclasses.replace(event, until=until), each.number)
        if event is not None:
            return Arrived(event, each.number)
    return None


def wait(run: local.Run, question: questions.Approve) -> Arrived | None:
    """Until somebody else says yes; nothing where something else is to be done first."""
    index = question.step.index
    found = arrived(run, question)
    if found is not None:
        return found
    missing = question.approvals - len(question.have)
    who = "one more person" if missing == 1 else f"{missing} more people"
    run.world.listener.noticed(
        f"{who.capitalize()} must say yes: midwatch approve {run.run_id} --step {index + 1}. "
        "Ctrl-C leaves; the run can be resumed."
    )
    step, standing = question.step, run.state.step(index)
    seconds = run.world.setting.policy.approval_seconds
    before = approvals.valid(standing, step, run.world.clock.now(), seconds).people
    while run.awake():
        found = arrived(run, question)
        if found is not None:
            return found
        now = run.world.clock.now()
        if approvals.valid(standing, step, now, seconds).people != before:
            return None  # a yes has expired meanwhile, and is asked for again
        run.world.clock.sleep(LOOK_SECONDS)
    return None
