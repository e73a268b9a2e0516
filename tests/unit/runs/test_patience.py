"""How long a verification is tried; time is only what the journal says it is."""

from __future__ import annotations

import datetime

from midwatch.commands import model as commands
from midwatch.runs import decide, events, model, patience, questions, state

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
STEP = model.PlannedStep(
    index=0,
    line=7,
    title="Look",
    phase="verify",
    kind="shell",
    language="bash",
    text="cat depth",
    effect=commands.Effect.READ,
    carrier=model.Carrier.SHELL,
    digest="d",
    expected=("less than 100",),
)
PLAN = model.Plan(
    "r.md", "0", "mend-it", "Mend it", "local", (STEP,), "/work", recovery_target="15 minutes"
)
ALONE = decide.Setting(attended=False, now=NOW)
PRESENT = decide.Setting(attended=True, now=NOW)
PATIENT = decide.Setting(attended=False, now=NOW, patience=patience.Patience(until_target=True))


def ended(attempt: int) -> list[events.Event]:
    finished = events.StepFinished(
        0, attempt, 0, events.Verdict.OK, "", 0.1, 4, "ab", "4711\n", "X=1"
    )
    return [events.StepStarted(0, attempt, "boot"), finished]


def answered(answer: events.Check, waited: float, attempt: int = 1) -> state.State:
    checked = events.Checked(0, attempt, answer, "less than 100", "4711", waited)
    happened: list[events.Event] = [events.Planned(PLAN), *ended(attempt), checked]
    return state.fold(events.Recorded(seq, NOW, each) for seq, each in enumerate(happened))


def test_what_ended_is_compared_before_the_next_step() -> None:
    happened: list[events.Event] = [events.Planned(PLAN), *ended(1)]
    standing = state.fold(events.Recorded(seq, NOW, each) for seq, each in enumerate(happened))

    assert decide.next_action(standing, ALONE) == decide.Check(STEP, 1)


def test_a_read_that_does_not_hold_yet_is_tried_again_after_five_seconds() -> None:
    action = decide.next_action(answered(events.Check.FAILS, 10.0), ALONE)

    assert isinstance(action, decide.Repeat)
    assert (action.attempt, action.seconds) == (2, 5.0)


def test_after_a_minute_it_has_failed() -> None:
    action = decide.next_action(answered(events.Check.FAILS, 61.0), ALONE)

    assert isinstance(action, decide.Record)
    assert isinstance(action.event, events.Finished)
    assert action.event.outcome is model.Outcome.FAILED


def test_the_recovery_target_is_waited_for_where_the_team_says_so() -> None:
    assert isinstance(
        decide.next_action(answered(events.Check.FAILS, 899.0), PATIENT), decide.Repeat
    )
    assert isinstance(
        decide.next_action(answered(events.Check.FAILS, 901.0), PATIENT), decide.Record
    )


def test_a_person_is_asked_what_nobody_can_tell() -> None:
    action = decide.next_action(answered(events.Check.OPEN, 0.0), PRESENT)

    assert action == decide.Ask(questions.Expected(STEP, 1, "less than 100"))


def test_unattended_what_nobody_can_tell_is_left_and_never_holds() -> None:
    action = decide.next_action(answered(events.Check.OPEN, 0.0), ALONE)

    assert isinstance(action, decide.Record)
    assert isinstance(action.event, events.Checked)
    assert action.event.answer is events.Check.LEFT
