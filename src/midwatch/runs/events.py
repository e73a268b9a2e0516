"""What can happen to a run; the journal is nothing but these, in order."""

from __future__ import annotations

import datetime
import enum
from typing import TypeAlias

from midwatch.base import shape
from midwatch.runs import model, shell_events


class Verdict(enum.StrEnum):
    """How a step that ran is judged."""

    OK = "ok"
    FINE = "fine"
    """Not zero, but an answer: `grep` found nothing."""
    WINDOW = "window"
    """It would have gone on for ever, and was shown for its window."""
    FAILED = "failed"
    LIMIT = "limit"
    """It took longer than it may."""


class Doubt(enum.StrEnum):
    """What a person says of a step that started and left no result."""

    DONE = "done"
    REPEAT = "repeat"
    SKIP = "skip"


class AfterFailure(enum.StrEnum):
    """What a person says of a step that failed."""

    RETRY = "retry"
    SKIP = "skip"
    ABORT = "abort"
    UNDO = "undo"
    """End it here, and take back what was changed."""


class Check(enum.StrEnum):
    """What is known of what a step was expected to show."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"
    """It cannot be told from the output: a person looks."""
    LEFT = "not-checked"
    """Nobody was there to look; it does not count as holding."""


@shape.frozen
class Planned:
    """The run exists: this is what it will carry out."""

    plan: model.Plan


@shape.frozen
class Replanned:
    """Somebody goes on from a step again; from there on this is the plan, and nothing is done."""

    plan: model.Plan
    step: int
    by: str


@shape.frozen
class Resumed:
    """Somebody took the run up again."""

    by: str


@shape.frozen
class Approved:
    """A person, or the flag they gave, said yes to exactly this."""

    step: int
    digest: str
    how: str
    by: str = ""
    """Who; nothing in journals that are older than this."""
    until: str = ""
    """When the yes stops to count."""


@shape.frozen
class GlassBroken:
    """In an emergency somebody set aside what the team's policy says of the step."""

    step: int
    digest: str
    by: str
    reason: str
    instead_of: str
    """What the policy would have said."""


@shape.frozen
class Looked:
    """Before the step was approved, somebody saw what it would touch."""

    step: int
    digest: str
    text: str
    """The read-only commands that were run."""
    exit: int | None
    """None where it took too long and was stopped."""
    seconds: float
    size: int
    sha256: str
    tail: str


@shape.frozen
class Remembered:
    """Before a step changed something, it was written down how it was: the way back needs it."""

    step: int
    text: str
    """The read-only command that printed it."""
    why: str = ""
    """Why nothing is kept, where that is so."""
    word: str = ""
    """What it printed, where that is one harmless word."""
    file: str = ""
    """The file in the run's folder that holds all of it; nothing where nothing is kept."""
    size: int = 0
    sha256: str = ""


@shape.frozen
class Chosen:
    """Of several ways, this one is taken."""

    choice: str
    option: str
    how: str


@shape.frozen
class ConditionAnswered:
    """The document says "if …": somebody said whether it is so."""

    condition: str
    holds: bool
    how: str


@shape.frozen
class StepStarted:
    """The step is about to be carried out: on disk before anything happens."""

    step: int
    attempt: int
    boot: str
    """Which boot of the machine, so that a power cut is told from a crash."""


@shape.frozen
class StepAttached:
    """The step went on while Midwatch was away, and is followed again."""

    step: int
    attempt: int


@shape.frozen
class StepFinished:
    """The step ended, and how."""

    step: int
    attempt: int
    exit: int
    verdict: Verdict
    meaning: str
    seconds: float
    size: int
    sha256: str
    tail: str
    state: str | None
    """The shell's state for the next step, as shell text; None leaves it as it was."""
    exit_trap: str = ""
    """The author's EXIT trap in that state, which waits for the end of the run."""


@shape.frozen
class Checked:
    """What the step showed was compared with what the document expects."""

    step: int
    attempt: int
    answer: Check
    expected: str = ""
    got: str = ""
    waited: float = 0.0
    """Seconds since it was first tried."""
    how: str = ""
    """Who said so, where it was a person."""


@shape.frozen
class StepInterrupted:
    """The step was stopped on the way: what it did is not known."""

    step: int
    attempt: int
    why: str
    state: str | None = None
    """The shell's state for the next step, where the end of this one changed it."""


@shape.frozen
class StepNeverBegan:
    """The start was recorded, and it is proven that nothing was carried out."""

    step: int
    attempt: int


@shape.frozen
class StepInDoubt:
    """The step started, and nobody knows how it ended."""

    step: int
    attempt: int
    why: str


@shape.frozen
class DoubtSettled:
    """Somebody said what became of a step in doubt."""

    step: int
    answer: Doubt
    how: str


@shape.frozen
class FailureSettled:
    """Somebody said what to do about a step that failed."""

    step: int
    answer: AfterFailure
    reason: str


@shape.frozen
class StepSkipped:
    """The step is not carried out, and why."""

    step: int
    reason: str


@shape.frozen
class ScriptSaved:
    """A script the document defines lies ready in the run's folder."""

    step: int
    name: str


@shape.frozen
class DoneByPerson:
    """A person says that they did it."""

    step: int
    note: str


@shape.frozen
class LeftToDo:
    """It waits for a person without holding the run up."""

    step: int
    reason: str


@shape.frozen
class Refused:
    """The guard said no."""

    step: int
    reason: str
    way: str


@shape.frozen
class Waiting:
    """Nobody is there to answer: the run stands until somebody resumes it."""

    step: int
    question: str
    in_doubt: bool = False
    asks: str = ""
    """What kind of question it is, where it can be answered from elsewhere: `approve`, `tick` …"""
    bound: str = ""
    """The hash that an answer from elsewhere is bound to; nothing where none can be given."""
    answers: tuple[str, ...] = ()
    """What can be answered."""


@shape.frozen
class HandedOver:
    """Somebody leaves the run to somebody else: it stands until that person resumes it."""

    step: int
    by: str
    note: str


@shape.frozen
class UndoBegan:
    """Somebody takes the run back, by a run of its own."""

    run: str
    by: str


@shape.frozen
class Interrupted:
    """The run was left; it can be resumed."""

    how: str


@shape.frozen
class Finished:
    """The run is over."""

    outcome: model.Outcome
    reason: str


Event: TypeAlias = (
    Planned
    | Replanned
    | Resumed
    | Approved
    | GlassBroken
    | Looked
    | Remembered
    | Chosen
    | ConditionAnswered
    | StepStarted
    | StepAttached
    | StepFinished
    | Checked
    | StepInterrupted
    | StepNeverBegan
    | StepInDoubt
    | DoubtSettled
    | FailureSettled
    | StepSkipped
    | ScriptSaved
    | DoneByPerson
    | LeftToDo
    | Refused
    | Waiting
    | HandedOver
    | UndoBegan
    | Interrupted
    | Finished
    | shell_events.ShellEvent
)


@shape.frozen
class Recorded:
    """An event in its place in the journal."""

    seq: int
    at: datetime.datetime
    event: Event
