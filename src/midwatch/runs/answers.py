"""What people answer from elsewhere: bound to the question they were shown, good once."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator

from midwatch.access import names
from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.runs import approvals, events, model, questions

YES = "yes"
NO = "no"
SKIP = "skip"
DONE = "done"
APPROVE = "approve"
PROVEN = "token of "
"""How an account begins that is none of the machine: a token of the HTTP API proves it."""


@shape.frozen
class Given:
    """What somebody said, and who."""

    at: datetime.datetime
    actor: str
    account: str
    """Whose account on the machine, or in which channel, it came from."""
    said: str = YES
    note: str = ""
    """Why, in their own words."""
    number: int = 0
    """Its place among all answers; nothing before it is written down."""

    @property
    def place(self) -> str:
        """From where it was said."""
        proven = self.account.startswith(PROVEN)
        return f"with the {self.account}" if proven else f"from the account {self.account}"

    @property
    def how(self) -> str:
        """Who said it and from where, for the journal."""
        return f"{self.actor}, {self.place}"


def by_token(how: str) -> bool:
    """Whether an event of the journal came over HTTP."""
    return how.startswith(f"with the {PROVEN}")


def approves(asks: str, said: str, step: model.PlannedStep) -> bool:
    """Whether the answer takes what a yes takes: to say "again" of a change is a yes to it."""
    again = {events.AfterFailure.RETRY.value, events.Doubt.REPEAT.value}
    return asks == APPROVE or (said in again and step.effect is not commands.Effect.READ)


SHOWN_DIGITS = 12
"""Digits of a hash: enough to be sure that it is what was shown."""


def command(run_id: str, waiting: events.Waiting) -> str:
    """What somebody at a terminal types to answer."""
    if not waiting.bound:
        return f"midwatch resume {run_id}"
    if waiting.asks == APPROVE:
        shown = waiting.bound[:SHOWN_DIGITS]
        return f"midwatch approve {run_id} --step {waiting.step + 1} --hash {shown}"
    return f"midwatch answer {run_id}"


def kind(question: questions.Question) -> str:
    """The question in one word, such as `approve`, `choose`, `tick`, `failure`."""
    return type(question).__name__.lower()


def choices(question: questions.Question) -> tuple[str, ...]:
    """What can be answered from elsewhere; nothing where it needs the terminal."""
    match question:
        case questions.Approve():
            return (YES, SKIP)
        case questions.Choose(options=options):
            return options
        case questions.Condition() | questions.Expected():
            return (YES, NO)
        case questions.Tick():
            return (DONE, SKIP)
        case questions.Failure(refused=True):
            return (events.AfterFailure.SKIP.value, events.AfterFailure.ABORT.value)
        case questions.Failure():
            retry, skip, abort = (
                events.AfterFailure.RETRY,
                events.AfterFailure.SKIP,
                events.AfterFailure.ABORT,
            )
            return (retry.value, skip.value, abort.value)
        case questions.Doubt():
            return tuple(each.value for each in events.Doubt)
        case _:
            return ()


def bound(run_id: str, question: questions.Question, attempts: int) -> str:
    """What an answer is bound to: this run, this question about these words, and this attempt."""
    step = question.step
    if isinstance(question, questions.Approve):
        return approvals.bound(run_id, step, attempts + 1)
    told = "\n".join(
        (
            run_id,
            kind(question),
            str(step.index),
            str(attempts),
            step.digest,
            questions.sentence(question),
        )
    )
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()


def fresh(given: Given, now: datetime.datetime, seconds: float) -> bool:
    """Whether it was said by somebody, and not too long ago; nor in a future that is far away."""
    return bool(given.actor) and -seconds < (now - given.at).total_seconds() < seconds


def counting(
    given: Iterable[Given], people: frozenset[str], now: datetime.datetime, seconds: float
) -> Iterator[Given]:
    """The fresh answers, the first one first; a yes only of somebody who has not said it yet."""
    for each in given:
        said_before = each.said == YES and any(names.same(each.actor, name) for name in people)
        if fresh(each, now, seconds) and not said_before:
            yield each


def event(question: questions.Question, given: Given) -> events.Event | None:
    """What the answer comes to; None where it does not fit the question."""
    if given.said not in choices(question):
        return None
    index, why = question.step.index, f"{given.note} ({given.how})" if given.note else given.how
    match question:
        case questions.Approve() | questions.Tick() if given.said == SKIP:
            return events.StepSkipped(index, why)
        case questions.Approve(step=step):
            return events.Approved(index, step.digest, given.place, given.actor)
        case questions.Tick():
            return events.DoneByPerson(index, why)
        case questions.Choose(choice=choice):
            return events.Chosen(choice, given.said, given.how)
        case questions.Condition(condition=condition):
            return events.ConditionAnswered(condition, given.said == YES, given.how)
        case questions.Expected(_, attempt, expected):
            holds = given.said == YES
            answer = events.Check.HOLDS if holds else events.Check.FAILS
            got = "" if holds else (given.note or "something else, as a person says")
            return events.Checked(index, attempt, answer, expected, got, how=given.how)
        case questions.Failure():
            return events.FailureSettled(index, events.AfterFailure(given.said), why)
        case questions.Doubt():
            return events.DoubtSettled(index, events.Doubt(given.said), given.how)
        case _:
            return None
