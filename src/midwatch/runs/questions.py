"""What only a person can answer; each answer is an event."""

from __future__ import annotations

from typing import TypeAlias

from midwatch.base import shape
from midwatch.guards import model as guards
from midwatch.runs import events, model


@shape.frozen
class Approve:
    """May this run?"""

    step: model.PlannedStep
    manner: guards.Manner
    why: str
    approvals: int = 1
    """How many people must say yes."""
    have: tuple[str, ...] = ()
    """Who did, where several must."""


@shape.frozen
class Choose:
    """The document gives several ways: which one?"""

    step: model.PlannedStep
    choice: str
    options: tuple[str, ...]


@shape.frozen
class Fact:
    """What was seen last, and which step showed it."""

    step: model.PlannedStep
    lines: tuple[str, ...]


@shape.frozen
class Condition:
    """The document says "if …": is it so?"""

    step: model.PlannedStep
    condition: str
    fact: Fact | None = None
    """What may answer it."""


@shape.frozen
class Tick:
    """A person does this: done?"""

    step: model.PlannedStep
    why: str


@shape.frozen
class Failure:
    """The step failed, or the guard refused it: what now?"""

    step: model.PlannedStep
    reason: str
    way: str = ""
    refused: bool = False
    opens: bool = False
    """The policy lets a person have a shell here."""
    changed: bool = False
    """Something was changed before that could be taken back."""


@shape.frozen
class Doubt:
    """The step started and left no result: what became of it?"""

    step: model.PlannedStep
    reason: str


@shape.frozen
class Keep:
    """The step shows what it changed, and holds it: is it to stay?"""

    step: model.PlannedStep
    words: str


@shape.frozen
class Expected:
    """The document says what should be seen: is it so?"""

    step: model.PlannedStep
    attempt: int
    expected: str


@shape.frozen
class LookFirst:
    """An answer that is no event yet: show what the step will touch, then ask again."""

    step: model.PlannedStep


@shape.frozen
class OpenShell:
    """An answer that is no event yet: hand over a shell here, then ask again."""

    step: model.PlannedStep


@shape.frozen
class TakeOver:
    """A person changed something in a shell of the run: does the run go on with that?"""

    step: model.PlannedStep
    number: int
    changed: tuple[str, ...]


Question: TypeAlias = (
    Approve | Choose | Condition | Tick | Failure | Doubt | Keep | Expected | TakeOver
)
Said: TypeAlias = events.Event | LookFirst | OpenShell
"""What somebody at the terminal can answer."""


def sentence(question: Question) -> str:  # noqa: C901  (one case for each)
    """The question in one sentence, for those who come later."""
    where = f"line {question.step.line}, {question.step.title}"
    match question:
        case Approve():
            return f"{where}: {_approval(question)}"
        case Choose(options=options):
            return f"{where}: which way: {', '.join(options)}?"
        case Condition(condition=condition):
            return f"{where}: {condition}: is it so?"
        case Tick(why=why):
            return f"{where}: {why}"
        case Failure(reason=reason, refused=False):
            return f"{where}: it failed ({reason})."
        case Failure(reason=reason, way=way):
            return f"{where}: {reason} {way}".rstrip()
        case Expected(expected=expected):
            return f"{where}: expected: {expected}: is it so?"
        case Keep(words=words):
            return f"{where}: {words}"
        case TakeOver(changed=changed):
            return f"{where}: a person changed {', '.join(changed)} in a shell: does that count?"
        case Doubt(reason=reason):
            return f"{where}: it started, and nobody knows how it ended ({reason})."


def _approval(question: Approve) -> str:
    if question.approvals > 1:
        have = f" So far: {', '.join(question.have)}." if question.have else ""
        count = f"{question.approvals} people must say yes"
        return f"{question.why} {count} (`midwatch approve`).{have}"
    if question.manner is guards.Manner.TYPE_TARGET:
        return f"{question.why} A person must type the target's name."
    return f"{question.why} A person must say yes."
