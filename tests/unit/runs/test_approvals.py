"""A yes counts for exactly what was shown, once, for a while, and each person once."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.commands import model as commands
from midwatch.guards import model as guards
from midwatch.runs import answers, approvals, decide, events, model, state

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=16)
STEP = model.PlannedStep(
    index=0,
    line=7,
    title="Mend",
    phase="resolve",
    kind="shell",
    language="bash",
    text="touch mended",
    effect=commands.Effect.CHANGE,
    carrier=model.Carrier.SHELL,
    digest="digest-0",
)
PLAN = model.Plan("r.md", "d", "p", "P", "production", (STEP,), "/work", requested_by="ana")
TWO = guards.Policy((guards.Rule(guards.Answer.ASK, approvals=2),))
AT_TERMINAL = decide.Setting(attended=True, policy=TWO, actor="ana", now=NOW)
ALONE = dataclasses.replace(AT_TERMINAL, attended=False)


def standing(*happened: events.Event) -> state.State:
    every = [events.Planned(PLAN), *happened]
    return state.fold(events.Recorded(seq, NOW, event) for seq, event in enumerate(every))


def yes(who: str, digest: str = "digest-0") -> events.Approved:
    until = NOW + datetime.timedelta(minutes=15)
    return events.Approved(0, digest, "said so", who, until.isoformat())


def test_with_one_yes_it_stays_until_somebody_else_says_it() -> None:
    action = decide.next_action(standing(yes("ana")), AT_TERMINAL)

    assert isinstance(action, decide.Await)
    assert (action.question.approvals, action.question.have) == (2, ("ana",))


def test_nobody_counts_twice() -> None:
    assert isinstance(
        decide.next_action(standing(yes("ana"), yes("ana")), AT_TERMINAL), decide.Await
    )
    assert isinstance(decide.next_action(standing(yes("ana")), ALONE), decide.Wait)


def test_with_two_it_starts() -> None:
    both = standing(yes("ana"), yes("ben"))

    assert isinstance(decide.next_action(both, AT_TERMINAL), decide.Start)
    assert isinstance(decide.next_action(standing(yes("ben")), ALONE), decide.Start)


def test_a_yes_that_expired_is_none() -> None:
    both = standing(yes("ana"), yes("ben"))
    late = dataclasses.replace(AT_TERMINAL, now=LATER)

    action = decide.next_action(both, late)

    assert isinstance(action, decide.Ask)
    assert isinstance(decide.next_action(both, dataclasses.replace(late, now=None)), decide.Ask)


def test_one_of_two_that_expired_leaves_one() -> None:
    old = dataclasses.replace(yes("ben"), until=NOW.isoformat())

    assert isinstance(decide.next_action(standing(old, yes("ana")), AT_TERMINAL), decide.Await)


def test_a_yes_to_other_words_is_none() -> None:
    other = standing(yes("ana", "digest-1"), yes("ben", "digest-1"))

    assert isinstance(decide.next_action(other, AT_TERMINAL), decide.Ask)


def test_a_yes_is_used_up_by_the_start() -> None:
    again = standing(
        yes("ana"), yes("ben"), events.StepStarted(0, 1, "boot"), events.StepNeverBegan(0, 1)
    )

    assert isinstance(decide.next_action(again, AT_TERMINAL), decide.Ask)


def test_a_retry_wants_two_people_anew() -> None:
    failed = events.StepFinished(0, 1, 1, events.Verdict.FAILED, "exit 1", 0.1, 0, "", "", None)
    retried = standing(
        yes("ana"),
        yes("ben"),
        events.StepStarted(0, 1, "boot"),
        failed,
        events.FailureSettled(0, events.AfterFailure.RETRY, "again"),
    )

    assert not isinstance(decide.next_action(retried, AT_TERMINAL), decide.Start)
    assert isinstance(decide.next_action(retried, ALONE), decide.Wait)


def test_what_a_yes_is_bound_to_is_this_run_step_attempt_and_words() -> None:
    other_step = dataclasses.replace(STEP, index=1)
    other_words = dataclasses.replace(STEP, digest="digest-1")
    bound = {
        approvals.bound("run-a", STEP, 1),
        approvals.bound("run-b", STEP, 1),
        approvals.bound("run-a", STEP, 2),
        approvals.bound("run-a", other_step, 1),
        approvals.bound("run-a", other_words, 1),
    }

    assert len(bound) == 5


def test_from_elsewhere_only_a_fresh_yes_of_somebody_new_is_taken() -> None:
    def given(who: str, minutes: int) -> answers.Given:
        return answers.Given(NOW - datetime.timedelta(minutes=minutes), who, who)

    offered = [given("ana", 1), given("old", 15), given("", 1), given("ben", 14)]

    found = list(answers.counting(offered, frozenset({"ana"}), NOW, 900.0))

    assert [each.actor for each in found] == ["ben"]
    assert list(answers.counting([given("future", -20)], frozenset(), NOW, 900.0)) == []


def test_a_broken_glass_is_on_record_before_the_step_starts() -> None:
    refused = guards.Policy((guards.Rule(guards.Answer.REFUSE, reason="Frozen."),))
    setting = dataclasses.replace(
        ALONE, policy=refused, may=guards.May.CHANGE, break_glass="the site is down"
    )
    broken = events.GlassBroken(0, "digest-0", "ana", "the site is down", "Frozen. [refuse]")

    first = decide.next_action(standing(), setting)
    second = decide.next_action(standing(broken), setting)

    assert first == decide.Record(broken)
    assert isinstance(second, decide.Record)
    assert isinstance(second.event, events.Approved)
    third = standing(broken, second.event)
    assert isinstance(decide.next_action(third, setting), decide.Start)
    assert third.broken == (broken,)
