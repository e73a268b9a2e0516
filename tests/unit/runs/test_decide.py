"""What a run does next, for every standing it can be in; nothing here touches the world."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.commands import model as commands
from midwatch.guards import model as guards
from midwatch.runs import decide, events, model, questions, state

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
ATTENDED = decide.Setting(attended=True)
ALONE = decide.Setting(attended=False)
MAY_CHANGE = decide.Setting(attended=False, may=guards.May.CHANGE)
READ, CHANGE = commands.Effect.READ, commands.Effect.CHANGE


def step(index: int, effect: commands.Effect = READ, **fields: object) -> model.PlannedStep:
    base = model.PlannedStep(
        index=index,
        line=index + 10,
        title=f"step {index}",
        phase="resolve",
        kind="shell",
        language="bash",
        text="true",
        effect=effect,
        carrier=model.Carrier.SHELL,
        digest=f"digest-{index}",
    )
    return dataclasses.replace(base, **fields)  # type: ignore[arg-type]


def standing(steps: list[model.PlannedStep], *happened: events.Event) -> state.State:
    plan = model.Plan("r.md", "d", "p", "P", "production", tuple(steps), "/work")
    every = [events.Planned(plan), *happened]
    return state.fold(events.Recorded(seq, NOW, event) for seq, event in enumerate(every))


def finished(index: int, verdict: events.Verdict = events.Verdict.OK) -> events.StepFinished:
    return events.StepFinished(index, 1, 0, verdict, "", 0.0, 0, "", "", "X=1")


def started(index: int) -> events.StepStarted:
    return events.StepStarted(index, 1, "boot")


def test_a_read_starts() -> None:
    action = decide.next_action(standing([step(0)]), ALONE)

    assert isinstance(action, decide.Start)
    assert (action.step.index, action.attempt) == (0, 1)


def test_the_next_step_waits_for_the_result_of_the_one_before() -> None:
    action = decide.next_action(standing([step(0), step(1)], started(0)), ALONE)

    assert isinstance(action, decide.Settle)
    assert action.step.index == 0


def test_a_change_is_asked_about_or_waited_for() -> None:
    at = standing([step(0, CHANGE)])

    assert isinstance(decide.next_action(at, ATTENDED), decide.Ask)
    assert isinstance(decide.next_action(at, ALONE), decide.Wait)


def test_a_yes_beforehand_is_recorded_before_the_step_starts() -> None:
    action = decide.next_action(standing([step(0, CHANGE)]), MAY_CHANGE)

    assert action == decide.Record(events.Approved(0, "digest-0", "--yes change"))


def test_an_approval_counts_for_exactly_what_was_shown_and_once() -> None:
    approved = events.Approved(0, "digest-0", "a person")
    other = events.Approved(0, "another digest", "a person")
    again = (approved, started(0), events.StepNeverBegan(0, 1))

    assert isinstance(
        decide.next_action(standing([step(0, CHANGE)], approved), ATTENDED), decide.Start
    )
    assert isinstance(decide.next_action(standing([step(0, CHANGE)], other), ATTENDED), decide.Ask)
    assert isinstance(decide.next_action(standing([step(0, CHANGE)], *again), ATTENDED), decide.Ask)


DOUBTFUL = (started(0), events.Resumed("me"), events.StepInDoubt(0, 1, "cut off"))


def test_a_read_in_doubt_is_repeated() -> None:
    action = decide.next_action(standing([step(0)], *DOUBTFUL), ALONE)

    assert action == decide.Record(events.DoubtSettled(0, events.Doubt.REPEAT, "it only reads"))


def test_anything_else_in_doubt_waits_for_a_person() -> None:
    for effect in (CHANGE, commands.Effect.UNKNOWN, commands.Effect.DESTROY):
        at = standing([step(0, effect)], *DOUBTFUL)

        action = decide.next_action(at, MAY_CHANGE)

        assert isinstance(action, decide.Wait)
        assert action.event.in_doubt
        assert isinstance(decide.next_action(at, ATTENDED), decide.Ask)


def test_an_answer_given_beforehand_is_for_the_old_doubt_and_for_no_new_one() -> None:
    setting = dataclasses.replace(MAY_CHANGE, in_doubt=events.Doubt.REPEAT)
    new = (*DOUBTFUL, events.DoubtSettled(0, events.Doubt.REPEAT, "x"), started(0))
    again = standing([step(0, CHANGE)], *new, events.StepInDoubt(0, 2, "cut off"))

    first = decide.next_action(standing([step(0, CHANGE)], *DOUBTFUL), setting)

    assert isinstance(first, decide.Record)
    assert isinstance(decide.next_action(again, setting), decide.Wait)


def test_a_failure_asks_or_ends_the_run() -> None:
    at = standing([step(0), step(1)], started(0), finished(0, events.Verdict.FAILED))

    alone = decide.next_action(at, ALONE)

    assert isinstance(decide.next_action(at, ATTENDED), decide.Ask)
    assert isinstance(alone, decide.Record)
    assert isinstance(alone.event, events.Finished)
    assert alone.event.outcome is model.Outcome.FAILED


def test_an_answer_and_a_closed_window_are_no_failures() -> None:
    for verdict in (events.Verdict.FINE, events.Verdict.WINDOW):
        at = standing([step(0)], started(0), finished(0, verdict))

        assert decide.next_action(at, ALONE) == decide.Record(
            events.Finished(model.Outcome.SUCCEEDED, "")
        )


def test_retrying_is_approving_except_destruction() -> None:
    def retried(effect: commands.Effect) -> decide.Action:
        failed = (started(0), finished(0, events.Verdict.FAILED))
        settled = events.FailureSettled(0, events.AfterFailure.RETRY, "a person")
        return decide.next_action(standing([step(0, effect)], *failed, settled), ATTENDED)

    assert isinstance(retried(CHANGE), decide.Start)
    assert isinstance(retried(commands.Effect.DESTROY), decide.Ask)


WAYS = [
    step(0, CHANGE, choice="c", option="via Git"),
    step(1, CHANGE, choice="c", option="manually"),
]


def test_of_several_ways_one_is_asked_for_named_or_the_first() -> None:
    named = dataclasses.replace(ALONE, chosen=frozenset({"manually"}))

    asked = decide.next_action(standing(WAYS), ATTENDED)

    assert isinstance(asked, decide.Ask)
    assert isinstance(asked.question, questions.Choose)
    assert asked.question.options == ("via Git", "manually")
    assert decide.next_action(standing(WAYS), named) == decide.Record(
        events.Chosen("c", "manually", "--choose")
    )
    assert decide.next_action(standing(WAYS), ALONE) == decide.Record(
        events.Chosen("c", "via Git", "the first, as nobody was there to ask")
    )


def test_the_other_way_is_skipped_and_said_so() -> None:
    at = standing(WAYS, events.Chosen("c", "manually", "x"))

    assert decide.next_action(at, ALONE) == decide.Record(
        events.StepSkipped(0, "the other way was taken: manually")
    )


def test_nobody_there_a_condition_lets_reads_look_and_leaves_changes() -> None:
    reads = standing([step(0, condition="if lag persists")])
    changes = standing([step(0, CHANGE, condition="if lag persists")])

    left = decide.next_action(changes, MAY_CHANGE)

    assert isinstance(decide.next_action(reads, ALONE), decide.Start)
    assert isinstance(left, decide.Record)
    assert isinstance(left.event, events.LeftToDo)
    asked = decide.next_action(reads, ATTENDED)
    assert isinstance(asked, decide.Ask)
    assert isinstance(asked.question, questions.Condition)


def test_a_condition_is_answered_once_for_all_its_steps() -> None:
    steps = [step(0, condition="if lag"), step(1, condition="if lag")]
    at = standing(steps, events.ConditionAnswered("if lag", holds=False, how="a person"))

    assert decide.next_action(at, ATTENDED) == decide.Record(
        events.StepSkipped(0, "not so: if lag")
    )


def test_what_a_person_does_is_waited_for_but_prevention_only_left() -> None:
    by_hand = step(0, carrier=model.Carrier.PERSON, by_person="A person does this.")
    prevention = dataclasses.replace(by_hand, phase="prevent")

    alone = decide.next_action(standing([by_hand]), MAY_CHANGE)
    later = decide.next_action(standing([prevention]), MAY_CHANGE)

    assert isinstance(alone, decide.Wait)
    assert later == decide.Record(events.LeftToDo(0, "A person does this."))


def test_a_refusal_is_recorded_then_waited_with() -> None:
    editor = step(0, traits=frozenset({commands.Trait.INTERACTIVE}), tools=("vim",))

    refused = decide.next_action(standing([editor]), MAY_CHANGE)

    assert isinstance(refused, decide.Record)
    assert isinstance(refused.event, events.Refused)
    assert isinstance(decide.next_action(standing([editor], refused.event), ALONE), decide.Wait)


def test_a_refusal_is_decided_anew_when_a_person_takes_the_run_up() -> None:
    editor = step(0, traits=frozenset({commands.Trait.INTERACTIVE}))
    refused = events.Refused(0, "nobody there", "")

    action = decide.next_action(standing([editor], refused, events.Resumed("me")), ATTENDED)

    assert isinstance(action, decide.Start)
    assert action.allowed.terminal


def test_an_aborted_run_ends_failed_and_can_be_taken_up_again() -> None:
    failed = (started(0), finished(0, events.Verdict.FAILED))
    abort = events.FailureSettled(0, events.AfterFailure.ABORT, "too risky")
    steps = [step(0), step(1)]

    ended = decide.next_action(standing(steps, *failed, abort), ATTENDED)

    assert ended == decide.Record(events.Finished(model.Outcome.FAILED, "too risky"))


def test_the_shells_state_is_the_last_one_that_was_kept() -> None:
    left_the_shell = dataclasses.replace(finished(1), state=None)

    at = standing([step(0), step(1)], started(0), finished(0), started(1), left_the_shell)

    assert at.shell == "X=1"
