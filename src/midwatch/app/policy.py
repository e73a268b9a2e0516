"""The use case behind `midwatch policy explain`: what the guard would say, and what decided."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from midwatch.app import running, settings
from midwatch.base import errors
from midwatch.guards import decide as guard
from midwatch.guards import model as guards
from midwatch.runs import model, plan


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """Who would do what, where and when."""

    address: str
    target: str | None
    actor: str
    at: datetime.datetime
    attended: bool = True
    may: guards.May | None = None
    break_glass: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the guard would say of one step; nothing of what a person does by hand."""

    step: model.PlannedStep
    explained: guards.Explained | None


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    """The answers for a procedure, and the file the policy is from."""

    plan: model.Plan
    path: Path | None
    answers: tuple[Answer, ...]


def explain(question: Question) -> Explanation:
    """The guard's answer to each step of the procedure."""
    prepared = running.prepare(
        running.Wish(question.address, target=question.target, attended=True)
    )
    made = running.preview(prepared, {})
    folder = Path(prepared.runbook.path).resolve().parent
    found = settings.find((folder, Path.cwd()))
    steps = plan.steps_of(prepared.procedure)
    missing = {each.name for each in prepared.missing}
    answers = []
    for planned, written in zip(made.steps, steps, strict=True):
        unfilled = any(each.name in missing for each in written.inputs)
        by_hand = planned.carrier is model.Carrier.PERSON and not unfilled
        facts = _facts(question, made, planned, prepared.policy)
        answers.append(Answer(planned, None if by_hand else guard.explain(facts)))
    return Explanation(made, found.path, tuple(answers))


def _facts(
    question: Question, made: model.Plan, step: model.PlannedStep, policy: guards.Policy
) -> guards.Facts:
    return guards.Facts(
        effect=step.effect,
        traits=step.traits,
        target=made.target,
        procedure=made.procedure,
        tools=step.tools,
        attended=question.attended,
        may=question.may,
        approved=False,
        policy=policy,
        now=question.at,
        actor=question.actor,
        requester=question.actor,
        break_glass=question.break_glass,
    )


def time(text: str, now: datetime.datetime) -> datetime.datetime:
    """A moment as a person writes it: `03:14`, `2026-11-22T03:14`, with or without a zone."""
    today = now.astimezone().date().isoformat()
    for written in (text, f"{today}T{text}"):
        try:
            found = datetime.datetime.fromisoformat(written)
        except ValueError:
            continue
        return found if found.tzinfo else found.astimezone()
    raise errors.UserError(
        f"“{text}” is no time.", "Write 03:14, or 2026-11-22T03:14, or with a zone: …+01:00."
    )
