"""What people answer from elsewhere: it fits the question, and is bound to exactly that."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from midwatch.commands import model as commands
from midwatch.guards import model as guards
from midwatch.runs import answers, approvals, decide, events, model, questions, state

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
HOW = "ben, from the account slack U1"
STEP = model.PlannedStep(
    index=2,
    line=7,
    title="Mend",
    phase="resolve",
    kind="shell",
    language="bash",
    text="touch mended",
    effect=commands.Effect.CHANGE,
    carrier=model.Carrier.SHELL,
    digest="digest-2",
)
APPROVE = questions.Approve(STEP, guards.Manner.CONFIRM, "It changes production.")
CHOOSE = questions.Choose(STEP, "c", ("via Git", "by hand"))
CONDITION = questions.Condition(STEP, "lag persists")
TICK = questions.Tick(STEP, "Call them.")
FAILED = questions.Failure(STEP, "exit 1")
REFUSED = questions.Failure(STEP, "Frozen.", refused=True)
DOUBT = questions.Doubt(STEP, "cut off")
EXPECTED = questions.Expected(STEP, 1, "all green")
ALL = (APPROVE, CHOOSE, CONDITION, TICK, FAILED, REFUSED, DOUBT, EXPECTED)


def given(said: str, note: str = "") -> answers.Given:
    return answers.Given(NOW, "ben", "slack U1", said, note)


@pytest.mark.parametrize(
    ("question", "said", "event"),
    [
        (APPROVE, "yes", events.Approved(2, "digest-2", "from the account slack U1", "ben")),
        (APPROVE, "skip", events.StepSkipped(2, HOW)),
        (CHOOSE, "by hand", events.Chosen("c", "by hand", HOW)),
        (CONDITION, "no", events.ConditionAnswered("lag persists", holds=False, how=HOW)),
        (TICK, "done", events.DoneByPerson(2, HOW)),
        (TICK, "skip", events.StepSkipped(2, HOW)),
        (FAILED, "retry", events.FailureSettled(2, events.AfterFailure.RETRY, HOW)),
        (REFUSED, "abort", events.FailureSettled(2, events.AfterFailure.ABORT, HOW)),
        (DOUBT, "repeat", events.DoubtSettled(2, events.Doubt.REPEAT, HOW)),
        (EXPECTED, "yes", events.Checked(2, 1, events.Check.HOLDS, "all green", how=HOW)),
    ],
)
def test_an_answer_is_what_the_person_at_the_terminal_would_have_said(
    question: questions.Question, said: str, event: events.Event
) -> None:
    assert answers.event(question, given(said)) == event


def test_why_somebody_said_so_is_on_record() -> None:
    assert answers.event(FAILED, given("skip", "not tonight")) == events.FailureSettled(
        2, events.AfterFailure.SKIP, f"not tonight ({HOW})"
    )


@pytest.mark.parametrize("question", ALL)
def test_what_is_not_offered_is_no_answer(question: questions.Question) -> None:
    assert "perhaps" not in answers.choices(question)
    assert answers.event(question, given("perhaps")) is None


def test_a_retry_is_not_offered_of_what_was_refused() -> None:
    assert "retry" in answers.choices(FAILED)
    assert "retry" not in answers.choices(REFUSED)


def test_what_an_answer_is_bound_to_is_this_run_question_step_attempt_and_words() -> None:
    other_words = dataclasses.replace(STEP, digest="digest-3")
    bound = {
        answers.bound("run-a", FAILED, 1),
        answers.bound("run-b", FAILED, 1),
        answers.bound("run-a", FAILED, 2),
        answers.bound("run-a", dataclasses.replace(FAILED, reason="exit 2"), 1),
        answers.bound("run-a", dataclasses.replace(FAILED, step=other_words), 1),
        answers.bound("run-a", DOUBT, 1),
    }

    assert len(bound) == 6
    assert answers.bound("run-a", APPROVE, 0) == approvals.bound("run-a", STEP, 1)


def test_with_people_to_reach_nothing_is_decided_for_them() -> None:
    """Alone, Midwatch takes the first way, leaves a conditional change, ends at a failure."""
    first = dataclasses.replace(STEP, index=0, choice="c", option="via Git")
    second = dataclasses.replace(first, index=1, option="by hand")
    conditional = dataclasses.replace(STEP, index=0, condition="lag persists")
    failing = dataclasses.replace(STEP, index=0, effect=commands.Effect.READ)
    broken = events.StepFinished(0, 1, 1, events.Verdict.FAILED, "exit 1", 0, 0, "", "", None)
    cases = {
        "choose": standing(first, second),
        "condition": standing(conditional),
        "failure": standing(failing, happened=(events.StepStarted(0, 1, ""), broken)),
    }
    alone = decide.Setting(attended=False, now=NOW)
    reachable = dataclasses.replace(alone, reachable=True)

    for kind, at in cases.items():
        assert isinstance(decide.next_action(at, alone), decide.Record)
        action = decide.next_action(at, reachable)
        assert isinstance(action, decide.Wait)
        assert answers.kind(action.question) == kind


def standing(*steps: model.PlannedStep, happened: tuple[events.Event, ...] = ()) -> state.State:
    plan = model.Plan("r.md", "d", "p", "P", "production", steps, "/work")
    every = [events.Planned(plan), *happened]
    return state.fold(events.Recorded(seq, NOW, event) for seq, event in enumerate(every))
