"""What a run does next: its standing and the setting in, one named action out."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TypeAlias

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.guards import decide as guard
from midwatch.guards import model as guards
from midwatch.runbook import model as runbooks
from midwatch.runs import (
    approvals,
    beside,
    durations,
    ending,
    events,
    model,
    patience,
    questions,
    shell_events,
    step_facts,
    undoing,
    verifying,
)
from midwatch.runs import state as states


@shape.frozen
class Setting:
    """Who is there, and what they said beforehand."""

    attended: bool
    reachable: bool = False
    """Nobody sits at a terminal, and people answer from elsewhere: what would be decided for them
    when nobody is there, waits."""
    may: guards.May | None = None
    in_doubt: events.Doubt | None = None
    after_failure: events.AfterFailure | None = None
    chosen: frozenset[str] = frozenset()
    """Options and conditions named on the command line, in lower case."""
    policy: guards.Policy = dataclasses.field(default_factory=guards.Policy)
    actor: str = ""
    """Who carries the run out."""
    break_glass: str = ""
    """Why the policy's own lines are set aside; nothing where they hold."""
    patience: patience.Patience = dataclasses.field(default_factory=patience.Patience)
    now: datetime.datetime | None = None
    """Without it nothing that depends on the time is allowed."""


@shape.frozen
class Start:
    """Carry the step out."""

    step: model.PlannedStep
    attempt: int
    allowed: guards.Allow


@shape.frozen
class Check:
    """Compare what the step showed with what was expected."""

    step: model.PlannedStep
    attempt: int


@shape.frozen
class Repeat:
    """It does not hold yet: wait, then carry it out again."""

    step: model.PlannedStep
    attempt: int
    allowed: guards.Allow
    seconds: float


@shape.frozen
class Look:
    """Show what the step will touch, before anybody is asked about it."""

    step: model.PlannedStep


@shape.frozen
class Remember:
    """Write down how things are, before the step changes them."""

    step: model.PlannedStep
    recording: model.Recording


@shape.frozen
class Save:
    """Save the script that the step defines."""

    step: model.PlannedStep


@shape.frozen
class Settle:
    """A start has no result: look what became of it."""

    step: model.PlannedStep
    attempt: int
    boot: str
    allowed: guards.Allow


@shape.frozen
class Ask:
    """Ask the person who is there."""

    question: questions.Question


@shape.frozen
class Await:
    """Stay, until somebody else says yes."""

    question: questions.Approve


@shape.frozen
class Record:
    """Nothing to do but to write this down."""

    event: events.Event


@shape.frozen
class Wait:
    """Nobody is there to ask: stand still, until somebody answers from elsewhere."""

    event: events.Waiting
    question: questions.Question


@shape.frozen
class LeaveShell:
    """The run is over, as a terminal that is closed: carry the author's EXIT trap out."""

    trap: str
    started: shell_events.ExitTrapStarted | None
    """It began before, and left no result."""


@shape.frozen
class SettleShell:
    """A person was in a shell when Midwatch went away: see what became of it."""

    opened: shell_events.ShellOpened


@shape.frozen
class Nothing:
    """The run is over."""


Action: TypeAlias = (
    Start
    | Check
    | Repeat
    | Look
    | Remember
    | Save
    | Settle
    | Ask
    | Await
    | Record
    | Wait
    | LeaveShell
    | SettleShell
    | Nothing
)
S = states.Status
OVER = frozenset({S.DONE, S.SKIPPED, S.LEFT})
NOT_BLOCKING = frozenset({runbooks.Phase.PREVENT.value, runbooks.Phase.COMMUNICATE.value})


def next_action(  # noqa: C901  (one case for each standing)
    state: states.State, setting: Setting
) -> Action:
    """The one thing to do now."""
    if state.finished is not None:
        return Nothing()
    if state.opened is not None:
        return SettleShell(state.opened)
    if state.left is not None:
        return _left(state, state.left, setting)
    if state.aborted is not None:
        return over(state, events.Finished(model.Outcome.FAILED, state.aborted))
    for step in state.plan.steps:
        standing = state.step(step.index)
        if standing.status in OVER:
            continue
        match standing.status:
            case S.STARTED:
                allowed = step_facts.following(state, step, setting)
                return Settle(step, standing.attempts, standing.boot, allowed)
            case S.IN_DOUBT:
                return _in_doubt(step, standing, setting)
            case S.FAILED:
                return _again(state, step, setting) or _failed(state, step, setting)
            case S.CHECKING:
                return _checking(step, standing, setting)
            case S.REFUSED:
                return _refused(state, step, setting)
            case _:
                return _begin(state, step, setting)
    return over(state, ending.of(state))


def _left(state: states.State, left: shell_events.ShellClosed, setting: Setting) -> Action:
    """What a person changed in a shell counts when they say so."""
    if setting.attended:
        return Ask(questions.TakeOver(state.plan.steps[left.step], left.number, left.changed))
    why = "nobody was there to say"
    return Record(shell_events.ShellCarried(left.step, left.number, carried=False, how=why))


def over(state: states.State, finished: events.Finished) -> Action:
    """The run ends so, once what the author left for the end has run."""
    if state.exit_trap:
        return LeaveShell(state.exit_trap, state.leaving)
    return Record(finished)


def _again(state: states.State, step: model.PlannedStep, setting: Setting) -> Action | None:
    """A read that does not hold yet is tried again until its time is out."""
    standing, given = state.step(step.index), setting.patience
    checked = standing.checked
    if checked is None or checked.how or not verifying.repeats(step) or not standing.tries:
        return None
    target = durations.longest(state.plan.recovery_target) if given.until_target else None
    seconds = given.seconds if target is None else target
    spent = max(checked.waited, standing.tries * given.every)
    if standing.before_resume or spent > seconds:
        return None
    allowed = step_facts.following(state, step, setting)
    return Repeat(step, standing.attempts + 1, allowed, given.every)


def _checking(step: model.PlannedStep, standing: states.StepState, setting: Setting) -> Action:
    checked = standing.checked
    if checked is None or checked.attempt != standing.attempts:
        return Check(step, standing.attempts)
    question = questions.Expected(step, standing.attempts, checked.expected)
    if setting.attended or setting.reachable:
        return _ask(question, setting)
    left = events.Check.LEFT
    return Record(dataclasses.replace(checked, answer=left, got="nobody was there to look"))


def _ask(question: questions.Question, setting: Setting) -> Action:
    if setting.attended:
        return Ask(question)
    in_doubt = isinstance(question, questions.Doubt)
    waiting = events.Waiting(question.step.index, questions.sentence(question), in_doubt)
    return Wait(waiting, question)


def _in_doubt(step: model.PlannedStep, standing: states.StepState, setting: Setting) -> Action:
    """A read is repeated; anything else waits for a person."""
    if step.effect is commands.Effect.READ:
        how = "it only reads"
        return Record(events.DoubtSettled(step.index, events.Doubt.REPEAT, how))
    if setting.in_doubt is not None and standing.before_resume:
        return Record(events.DoubtSettled(step.index, setting.in_doubt, "--in-doubt"))
    return _ask(questions.Doubt(step, standing.reason), setting)


def _failed(state: states.State, step: model.PlannedStep, setting: Setting) -> Action:
    standing = state.step(step.index)
    if setting.after_failure is not None and standing.before_resume:
        return Record(events.FailureSettled(step.index, setting.after_failure, "--failed"))
    if setting.attended or setting.reachable:
        opens = setting.attended and step_facts.opens_shell(state, step, setting)
        changed = bool(undoing.changed(state)) or step.effect is not commands.Effect.READ
        question = questions.Failure(step, standing.reason, opens=opens, changed=changed)
        return _ask(question, setting)
    reason = f"line {step.line}, {step.title}: {standing.reason}"
    return over(state, events.Finished(model.Outcome.FAILED, reason))


def _refused(state: states.State, step: model.PlannedStep, setting: Setting) -> Action:
    standing = state.step(step.index)
    if standing.before_resume:  # the policy, or who is there, may be another now
        return _guarded(state, step, setting)
    if setting.after_failure is events.AfterFailure.SKIP:
        return Record(events.FailureSettled(step.index, events.AfterFailure.SKIP, "--failed"))
    question = questions.Failure(step, standing.reason, standing.way, refused=True)
    return _ask(question, setting)


def _begin(state: states.State, step: model.PlannedStep, setting: Setting) -> Action:
    branch = _choice(state, step, setting) or _condition(state, step, setting)
    if branch is not None:
        return branch
    if step.carrier is model.Carrier.FILE:
        return Save(step)
    if step.carrier is model.Carrier.PERSON:
        if not setting.attended and step.phase in NOT_BLOCKING:
            return Record(events.LeftToDo(step.index, step.by_person))
        return _ask(questions.Tick(step, step.by_person), setting)
    return _guarded(state, step, setting)


def _choice(state: states.State, step: model.PlannedStep, setting: Setting) -> Action | None:
    """Of several ways one is taken; unattended the one named, or else the document's first."""
    if step.choice is None or step.option is None:
        return None
    taken = state.choices.get(step.choice)
    if taken is not None:
        if taken == step.option:
            return None
        return Record(events.StepSkipped(step.index, f"the other way was taken: {taken}"))
    options = tuple(
        dict.fromkeys(each.option or "" for each in state.plan.steps if each.choice == step.choice)
    )
    if len(options) == 1:
        return None
    named = [option for option in options if option.lower() in setting.chosen]
    if named:
        return Record(events.Chosen(step.choice, named[0], "--choose"))
    if setting.attended or setting.reachable:
        return _ask(questions.Choose(step, step.choice, options), setting)
    return Record(events.Chosen(step.choice, options[0], "the first, as nobody was there to ask"))


def _condition(state: states.State, step: model.PlannedStep, setting: Setting) -> Action | None:
    """An "if …" is answered by a person; unattended, reads look anyway and changes are left."""
    if step.condition is None:
        return None
    holds = state.conditions.get(step.condition)
    if holds is not None:
        if holds:
            return None
        return Record(events.StepSkipped(step.index, f"not so: {step.condition}"))
    if step.condition.lower() in setting.chosen:
        return Record(events.ConditionAnswered(step.condition, holds=True, how="--choose"))
    if setting.attended:
        fact = beside.of(state, step, step.condition)
        return Ask(questions.Condition(step, step.condition, fact))
    if step.effect is commands.Effect.READ and step.carrier is not model.Carrier.PERSON:
        return None
    if setting.reachable:
        return _ask(questions.Condition(step, step.condition), setting)
    reason = f"nobody was there to say whether “{step.condition}” holds"
    return Record(events.LeftToDo(step.index, reason))


def _guarded(state: states.State, step: model.PlannedStep, setting: Setting) -> Action:
    standing = state.step(step.index)
    said = approvals.valid(standing, step, setting.now, setting.policy.approval_seconds)
    decision = guard.decide(step_facts.of(state, step, setting, said))
    broke = "" if isinstance(decision, guards.Refuse) else decision.broke
    if broke and standing.broken != step.digest:
        reason = setting.break_glass.strip()
        return Record(events.GlassBroken(step.index, step.digest, setting.actor, reason, broke))
    match decision:
        case guards.Allow(asked=True) if not said.approved:
            how = f"--yes {setting.may}" if setting.may else "midwatch.toml"
            seconds = setting.policy.approval_seconds
            yes = events.Approved(step.index, step.digest, how)
            return Record(
                approvals.signed(yes, actor=setting.actor, now=setting.now, seconds=seconds)
            )
        case guards.Allow():
            unknown = [each for each in step.records if each.record not in state.remembered]
            if unknown:
                return Remember(step, unknown[0])
            return Start(step, standing.attempts + 1, decision)
        case guards.Ask(manner, why, count, have):
            if _looks_first(step, standing, setting):
                return Look(step)
            question = questions.Approve(step, manner, why, count, have)
            if manner is guards.Manner.SECOND_PERSON and setting.attended:
                return Await(question)
            return _ask(question, setting)
        case guards.Refuse(reason, way):
            return Record(events.Refused(step.index, reason, way))


def _looks_first(step: model.PlannedStep, standing: states.StepState, setting: Setting) -> bool:
    """Whoever says yes to destruction has seen what is lost; of a change they look if they like."""
    destroys = step.effect is commands.Effect.DESTROY and bool(step.looks)
    return setting.attended and destroys and standing.looked != step.digest
