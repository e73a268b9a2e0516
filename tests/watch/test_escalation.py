"""Nobody is left unpaged, and nobody is paged without a reason."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

from tests.watch import harness

from midwatch.engine.watch import arrangements
from midwatch.incidents import acts, delivery, events, messages
from midwatch.oncall import directory


def test_the_first_level_is_told_at_once_and_the_next_after_its_time(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=16)
    watch.expect("0 ana slack page", "15 bo slack page")


def test_an_escalation_that_nobody_answers_begins_again(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=46)
    watch.expect("0 ana slack page", "15 bo slack page", "30 ana slack page", "45 bo slack page")


def test_an_acknowledgement_stops_the_escalation(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=5)
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=30)
    watch.expect("0 ana slack page")


def test_others_who_were_told_hear_who_has_it(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=16)
    watch.act(acts.Acknowledge(), by="bo")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page", "15 bo slack page", "16 ana slack update")


def test_a_later_way_is_not_used_after_the_acknowledgement(tmp_path: Path) -> None:
    ana = harness.person("ana", "slack", "sms after 5")
    given = dataclasses.replace(
        harness.TWO_LEVELS, directory=directory.Directory(people={"ana": ana})
    )
    watch = harness.Watch(tmp_path, given)
    watch.fire()
    watch.advance(minutes=4)
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=10)
    watch.expect("0 ana slack page")


def test_who_acknowledged_and_forgot_is_asked_and_then_it_is_nobodys_again(
    watch: harness.Watch,
) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=151)
    watch.expect("0 ana slack page", "120 ana slack reminder", "150 ana slack page")


def test_a_note_counts_as_an_answer(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=121)
    watch.act(acts.Note("still restoring"), by="ana")
    watch.advance(minutes=60)
    watch.expect("0 ana slack page", "120 ana slack reminder")


def test_a_recovery_counts_after_five_quiet_minutes(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=10)
    watch.recover()
    watch.advance(minutes=5)
    watch.expect("0 ana slack page", "15 ana slack update")
    assert isinstance(watch.timeline()[-1], events.Resolved)


def test_an_alert_that_comes_back_within_the_all_clear_goes_on_where_it_was(
    watch: harness.Watch,
) -> None:
    watch.fire()
    watch.advance(minutes=10)
    watch.recover()
    watch.advance(minutes=3)
    watch.fire()
    watch.advance(minutes=3)
    watch.expect("0 ana slack page", "15 bo slack page")
    assert len(watch.timeline()) > 0


def test_a_level_with_nobody_on_call_is_passed_over_at_once(tmp_path: Path) -> None:
    given = dataclasses.replace(
        harness.TWO_LEVELS, default_policy=harness.levels("schedule:nights", "person:bo")
    )
    watch = harness.Watch(tmp_path, given)
    watch.fire()
    watch.advance(minutes=1)
    watch.expect("0 bo slack page")
    assert events.NotPaged("schedule:nights", "there is no schedule nights") in watch.timeline()


def test_without_any_policy_everyone_is_told(tmp_path: Path) -> None:
    given = arrangements.Arrangements(directory=harness.TWO_LEVELS.directory)
    watch = harness.Watch(tmp_path, given)
    watch.fire()
    watch.advance(minutes=1)
    watch.expect("0 ana slack page", "0 bo slack page", "0 cleo slack page")


def test_a_channel_that_is_away_is_tried_again(watch: harness.Watch) -> None:
    answers: Iterator[delivery.Attempt] = iter([delivery.Later("away"), delivery.Accepted()])
    watch.answers["slack"] = lambda _: next(answers)
    watch.fire()
    watch.advance(minutes=1)
    assert len(watch.got) == 1
    watch.got.clear()


def test_a_channel_that_asks_for_patience_gets_it(watch: harness.Watch) -> None:
    answers: Iterator[delivery.Attempt] = iter(
        [delivery.Later("slow down", retry_after=90), delivery.Accepted()]
    )
    watch.answers["slack"] = lambda _: next(answers)
    watch.fire()
    watch.advance(minutes=3)
    watch.expect("1.5 ana slack page")


def test_a_broken_channel_makes_the_next_way_due_at_once(tmp_path: Path) -> None:
    ana = harness.person("ana", "slack", "sms after 10")
    people = {"ana": ana, "bo": harness.person("bo")}
    given = dataclasses.replace(harness.TWO_LEVELS, directory=directory.Directory(people=people))
    watch = harness.Watch(tmp_path, given)
    watch.answers["slack"] = lambda _: delivery.Never("no such user")
    watch.fire()
    watch.advance()
    watch.expect("0 ana sms page")


def test_somebody_whom_nothing_reaches_makes_the_next_level_due_at_once(
    watch: harness.Watch,
) -> None:
    watch.answers["slack"] = lambda message: (
        delivery.Never("account closed") if message.person == "ana" else delivery.Accepted()
    )
    watch.fire()
    watch.advance(minutes=1)
    watch.expect("0.25 bo slack page")
    assert events.Unreached("ana", "account closed") in watch.timeline()


def test_an_incident_that_only_wants_to_be_recorded_pages_nobody(watch: harness.Watch) -> None:
    watch.fire(severity="info")
    watch.advance(minutes=60)
    watch.expect()


def test_a_snooze_ends_with_a_page(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    until = watch.time + datetime.timedelta(minutes=30)
    watch.act(acts.Snooze(until, "waiting for the vendor"), by="ana")
    watch.advance(minutes=31)
    watch.expect("0 ana slack page", "30 ana slack page")


def test_somebody_called_in_is_paged(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.AddPerson("cleo"), by="ana")
    watch.advance()
    watch.expect("0 ana slack page", "0 cleo slack page")


def test_an_incident_at_pagerduty_ends_when_it_ends_here(tmp_path: Path) -> None:
    ana = harness.person("ana", "slack", "pagerduty")
    people = {"ana": ana, "bo": harness.person("bo", "email", "pagerduty after 5")}
    given = dataclasses.replace(harness.TWO_LEVELS, directory=directory.Directory(people=people))
    watch = harness.Watch(tmp_path, given)
    watch.fire()
    watch.advance(minutes=1)
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page", "0 ana pagerduty page", "1 ana pagerduty standing")
    watch.recover()
    watch.advance(minutes=6)
    watch.expect("7 ana slack update", "7 ana pagerduty standing")


def test_a_machine_that_was_not_told_of_it_is_not_told_that_it_ended(tmp_path: Path) -> None:
    ana = harness.person("ana", "slack", "pagerduty after 5")
    given = dataclasses.replace(
        harness.TWO_LEVELS, directory=directory.Directory(people={"ana": ana})
    )
    watch = harness.Watch(tmp_path, given)
    watch.fire()
    watch.advance(minutes=1)
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")


def test_a_channel_that_asks_for_too_much_patience_is_not_waited_for(tmp_path: Path) -> None:
    ana = harness.person("ana", "slack", "sms after 10")
    given = dataclasses.replace(
        harness.TWO_LEVELS, directory=directory.Directory(people={"ana": ana})
    )
    watch = harness.Watch(tmp_path, given)
    watch.answers["slack"] = lambda _: delivery.Later("slow down", retry_after=600)
    watch.fire()
    watch.advance(minutes=1)
    watch.expect("0 ana sms page")


def test_whom_another_way_reached_is_not_called_unreached(tmp_path: Path) -> None:
    ana = harness.person("ana", "slack", "sms after 10")
    people = {"ana": ana, "bo": harness.person("bo", "email")}
    given = dataclasses.replace(harness.TWO_LEVELS, directory=directory.Directory(people=people))
    watch = harness.Watch(tmp_path, given)
    answers: Iterator[delivery.Attempt] = iter([delivery.Later("away")] * 3)
    watch.answers["slack"] = lambda _: next(answers, delivery.Never("gone for good"))
    watch.fire()
    watch.advance(minutes=10)
    watch.expect("0.25 ana sms page")


def test_a_page_in_slack_shows_who_has_it_without_another_message(watch: harness.Watch) -> None:
    changed: list[tuple[str, object]] = []

    def slack(message: messages.Message) -> delivery.Attempt:
        if message.kind is messages.Kind.STANDING:
            changed.append((message.thread, message.body["status"]))
        return delivery.Accepted("D1/15.02")

    watch.answers["slack"] = slack
    watch.fire()
    watch.advance()
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")
    assert changed == [("D1/15.02", "acknowledged")]


def test_a_level_that_is_told_early_says_so_and_claims_no_wait(watch: harness.Watch) -> None:
    answers = iter([delivery.Never("no such member")])
    watch.answers["slack"] = lambda _: next(answers, delivery.Accepted())
    watch.fire()
    watch.advance(minutes=1)

    told = [each.why for each in watch.timeline() if isinstance(each, events.Paged)]
    assert told == [
        "level 1 of test: at once",
        "level 2 of test: nobody of the level before could be reached",
    ]
    watch.got.clear()
