"""Where a run stands: the journal's events folded, one after the other."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping

from midwatch.base import errors, shape
from midwatch.commands import model as commands
from midwatch.runs import events, model, seen, shell_events, shell_standing, verifying


class Status(enum.StrEnum):
    """Where one step stands."""

    PENDING = "pending"
    STARTED = "started"
    IN_DOUBT = "in-doubt"
    CHECKING = "checking"
    """It ended, and what it showed is to be compared with what was expected."""
    FAILED = "failed"
    REFUSED = "refused"
    DONE = "done"
    SKIPPED = "skipped"
    LEFT = "left"


@shape.frozen
class Yes:
    """One person's yes, and until when it counts."""

    by: str = ""
    until: str = ""
    how: str = ""
    """From where it was said."""


@shape.frozen
class StepState:
    """One step's standing, and what led to it."""

    status: Status = Status.PENDING
    attempts: int = 0
    reason: str = ""
    way: str = ""
    boot: str = ""
    before_resume: bool = False
    """It already stood so when somebody took the run up again."""
    approved: str = ""
    """The digest that a person said yes to, not used up yet."""
    yeses: tuple[Yes, ...] = ()
    """Who said it."""
    broken: str = ""
    """The digest that the policy was set aside for."""
    checked: events.Checked | None = None
    """What is known of what it was expected to show."""
    tries: int = 0
    """How often it did not hold since somebody last said to try."""
    looked: str = ""
    """The digest that somebody has seen the look of."""


@shape.frozen
class State:
    """A run's standing."""

    plan: model.Plan
    steps: Mapping[int, StepState] = dataclasses.field(default_factory=dict)
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    conditions: Mapping[str, bool] = dataclasses.field(default_factory=dict)
    shell: str = ""
    """What restores the shell's state before the next step."""
    shells: Mapping[int, str] = dataclasses.field(default_factory=dict)
    """The shell's state that each step first began with."""
    exit_trap: str = ""
    """The author's EXIT trap in the shell's state: it runs when the run is over."""
    exit_traps: Mapping[int, str] = dataclasses.field(default_factory=dict)
    """The one that was there when each step first began."""
    leaving: shell_events.ExitTrapStarted | None = None
    """The trap began, and has not ended."""
    opened: shell_events.ShellOpened | None = None
    """A person is in a shell of the run."""
    shell_count: int = 0
    """How many there were."""
    left: shell_events.ShellClosed | None = None
    """A person left one, and has not said whether its state counts."""
    broken: tuple[events.GlassBroken, ...] = ()
    """Each time somebody set the policy aside."""
    aborted: str | None = None
    undo_wanted: bool = False
    finished: events.Finished | None = None
    outcome: model.Outcome = model.Outcome.RUNNING
    remembered: Mapping[str, events.Remembered] = dataclasses.field(default_factory=dict)
    """How things were before the run first changed them, by the command that printed it."""
    seen: Mapping[int, str] = dataclasses.field(default_factory=dict)
    """The last lines that each step printed, for the questions that come after it."""
    undone_by: str = ""
    """The run that takes this one back."""
    handed_over: events.HandedOver | None = None
    """Somebody left it to somebody else, who has not taken it up."""

    def step(self, index: int) -> StepState:
        """That step's standing."""
        return self.steps.get(index, UNTOUCHED)


UNTOUCHED = StepState()


def fold(recorded: Iterable[events.Recorded]) -> State:
    """The standing that these events lead to."""
    state: State | None = None
    for each in recorded:
        state = after(state, each.event)
    if state is None:
        raise errors.BugError("The journal of this run is empty.")
    return state


def after(  # noqa: C901, PLR0912  (one case for each event)
    state: State | None, event: events.Event
) -> State:
    """The standing once this has happened."""
    if isinstance(event, events.Planned):
        return State(event.plan)
    if state is None:
        raise errors.BugError("The journal of this run does not begin with its plan.")
    if isinstance(event, shell_events.ShellEvent):
        return shell_standing.after(state, event)
    match event:
        case events.Resumed():
            return _resumed(state)
        case events.Replanned():
            return _replanned(state, event)
        case events.StepStarted(index):
            step = _step_after(state.step(index), event)
            return _with_step(shell_standing.begun(state, index), index, step)
        case events.Remembered() | events.Chosen() | events.ConditionAnswered():
            return _known(state, event)
        case events.StepFinished():
            return _finished_step(state, event)
        case events.Checked(index):
            return _with_step(state, index, _checked(state, event))
        case events.GlassBroken(index, digest):
            step = dataclasses.replace(state.step(index), broken=digest)
            told = dataclasses.replace(state, broken=(*state.broken, event))
            return _with_step(told, index, step)
        case events.FailureSettled(_, events.AfterFailure.ABORT, reason):
            return dataclasses.replace(state, aborted=reason or "a person ended it here")
        case events.FailureSettled(_, events.AfterFailure.UNDO, reason):
            why = reason or "a person wants it taken back"
            return dataclasses.replace(state, aborted=why, undo_wanted=True)
        case events.UndoBegan(run=run):
            return dataclasses.replace(state, undone_by=run)
        case events.Waiting() | events.HandedOver() | events.Interrupted() | events.Finished():
            return _standing_still(state, event)
        case events.DoubtSettled(index, events.Doubt.REPEAT):
            return _again(state, index)
        case events.FailureSettled(index, events.AfterFailure.RETRY):
            return _again(state, index)
        case events.StepInterrupted(index):
            step = _step_after(state.step(index), event)
            return _with_step(shell_standing.ended(state, event), index, step)
        case _:
            index = event.step
            return _with_step(state, index, _step_after(state.step(index), event))


def _known(
    state: State, event: events.Remembered | events.Chosen | events.ConditionAnswered
) -> State:
    """What is known now: how something was, which way is taken, whether it is so."""
    match event:
        case events.Remembered(text=text):
            return dataclasses.replace(state, remembered={text: event, **state.remembered})
        case events.Chosen(choice, option):
            return dataclasses.replace(state, choices={**state.choices, choice: option})
        case events.ConditionAnswered(condition, holds):
            return dataclasses.replace(state, conditions={**state.conditions, condition: holds})


def _standing_still(
    state: State,
    event: events.Waiting | events.HandedOver | events.Interrupted | events.Finished,
) -> State:
    match event:
        case events.Waiting(in_doubt=in_doubt):
            outcome = model.Outcome.IN_DOUBT if in_doubt else model.Outcome.WAITING
            return dataclasses.replace(state, outcome=outcome)
        case events.HandedOver():
            return dataclasses.replace(state, outcome=model.Outcome.WAITING, handed_over=event)
        case events.Interrupted():
            return dataclasses.replace(state, outcome=model.Outcome.INTERRUPTED)
        case events.Finished(outcome):
            return dataclasses.replace(state, finished=event, outcome=outcome)


def _with_step(state: State, index: int, step: StepState) -> State:
    return dataclasses.replace(state, steps={**state.steps, index: step})


def _again(state: State, index: int) -> State:
    """A person who says "again" has said yes to it; only destruction is asked about anew."""
    planned = state.plan.steps[index]
    sure = planned.effect is not commands.Effect.DESTROY
    step = dataclasses.replace(
        state.step(index),
        status=Status.PENDING,
        tries=0,
        approved=planned.digest if sure else "",
        yeses=(Yes(),) if sure else (),
    )
    return _with_step(state, index, step)


def _resumed(state: State) -> State:
    steps = {
        index: dataclasses.replace(step, before_resume=True, tries=0)
        for index, step in state.steps.items()
    }
    return dataclasses.replace(
        state,
        steps=steps,
        aborted=None,
        undo_wanted=False,
        handed_over=None,
        finished=None,
        outcome=model.Outcome.RUNNING,
    )


def _replanned(state: State, event: events.Replanned) -> State:
    """From that step on nothing was done or said; attempts are counted on, as their files stay."""
    first, steps = event.step, state.plan.steps
    again = {
        index: StepState(attempts=step.attempts) if index >= first else step
        for index, step in state.steps.items()
    }
    choices = {step.choice for step in steps[:first]}
    conditions = {step.condition for step in steps[:first]}
    return dataclasses.replace(
        shell_standing.again(state, first),
        plan=event.plan,
        steps=again,
        choices={name: said for name, said in state.choices.items() if name in choices},
        conditions={name: said for name, said in state.conditions.items() if name in conditions},
    )


SEEN_LINES, SEEN_COLUMNS = 5, 120
GOOD = frozenset({events.Verdict.OK, events.Verdict.FINE, events.Verdict.WINDOW})


def _finished_step(state: State, event: events.StepFinished) -> State:
    status = Status.DONE if event.verdict in GOOD else Status.FAILED
    if verifying.is_judged(state.plan.steps[event.step], good=event.verdict in GOOD):
        status = Status.CHECKING if event.verdict is not events.Verdict.LIMIT else status
    step = dataclasses.replace(
        state.step(event.step), status=status, reason=event.meaning, before_resume=False
    )
    told = {**state.seen, event.step: _last(event.tail)}
    after = dataclasses.replace(shell_standing.ended(state, event), seen=told)
    return _with_step(after, event.step, step)


def _last(tail: str) -> str:
    """As much of the end of an output as a question has room for."""
    clean = seen.ESCAPES.sub("", tail)
    lines = [line.rstrip()[:SEEN_COLUMNS] for line in clean.splitlines() if line.strip()]
    return "\n".join(lines[-SEEN_LINES:])


def _checked(state: State, event: events.Checked) -> StepState:
    """Where it does not hold it is tried again, or has failed: `decide` knows which."""
    step = state.step(event.step)
    if event.answer is events.Check.OPEN:
        return dataclasses.replace(step, checked=event)
    if event.answer is not events.Check.FAILS:
        return dataclasses.replace(step, status=Status.DONE, checked=event, tries=0)
    if not verifying.counts(state.plan.steps[event.step]):
        return dataclasses.replace(step, status=Status.DONE, checked=event)
    reason = f"not verified: expected {event.expected}, got {event.got}"
    return dataclasses.replace(
        step, status=Status.FAILED, checked=event, tries=step.tries + 1, reason=reason
    )


def _step_after(  # noqa: C901  (one case for each event)
    step: StepState, event: events.Event
) -> StepState:
    match event:
        case events.Approved(_, digest, how, by, until):
            before = step.yeses if step.approved == digest else ()
            others = tuple(yes for yes in before if yes.by != by)
            return dataclasses.replace(step, approved=digest, yeses=(*others, Yes(by, until, how)))
        case events.Looked(_, digest):
            return dataclasses.replace(step, looked=digest)
        case events.StepStarted(_, attempt, boot):
            return StepState(Status.STARTED, attempts=attempt, boot=boot, tries=step.tries)
        case events.StepAttached():
            return step
        case events.StepNeverBegan():
            return dataclasses.replace(step, status=Status.PENDING)
        case events.StepInterrupted(why=why) | events.StepInDoubt(why=why):
            return dataclasses.replace(step, status=Status.IN_DOUBT, reason=why)
        case events.DoubtSettled(answer=answer):
            status = Status.DONE if answer is events.Doubt.DONE else Status.SKIPPED
            return dataclasses.replace(step, status=status, reason=DOUBT_SAID[answer])
        case events.FailureSettled(reason=reason):
            return dataclasses.replace(step, status=Status.SKIPPED, reason=reason)
        case events.StepSkipped(reason=reason):
            return dataclasses.replace(step, status=Status.SKIPPED, reason=reason)
        case events.ScriptSaved() | events.DoneByPerson():
            return dataclasses.replace(step, status=Status.DONE)
        case events.LeftToDo(reason=reason):
            return dataclasses.replace(step, status=Status.LEFT, reason=reason)
        case events.Refused(reason=reason, way=way):
            return dataclasses.replace(
                step, status=Status.REFUSED, reason=reason, way=way, before_resume=False
            )
    raise errors.BugError(f"Nothing is known of `{type(event).__name__}`.")


DOUBT_SAID = {
    events.Doubt.DONE: "a person says it was done",
    events.Doubt.SKIP: "it was in doubt, and a person left it out",
}
