"""The ways in which somebody could have been left unpaged, or paged for nothing."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.alerts import matching, rules, windows
from midwatch.base import errors
from midwatch.db import store
from midwatch.engine.watch import sending, taking, turn
from midwatch.incidents import acts, audit, delivery, messages, model, outbox
from midwatch.incidents import store as incidents
from midwatch.oncall import directory


def test_a_critical_alert_that_joins_a_quiet_incident_pages(watch: harness.Watch) -> None:
    watch.fire(severity="info")
    watch.advance(minutes=60)
    watch.expect()

    watch.fire(severity="critical")
    watch.advance(minutes=16)

    watch.expect("60 ana slack page", "75 bo slack page")


def test_an_incident_that_turns_out_worse_begins_with_the_first_level(
    watch: harness.Watch,
) -> None:
    watch.fire(severity="info")
    watch.advance(minutes=60)
    watch.act(acts.SetSeverity("critical", model.Urgency.PAGE), by="cleo")
    watch.advance(minutes=16)

    watch.expect("60 ana slack page", "75 bo slack page")


def test_an_incident_that_is_reopened_stays_open(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=1)
    watch.recover()
    watch.advance(minutes=6)
    watch.expect("0 ana slack page", "6 ana slack update")

    watch.act(acts.Reopen("it was not over"), by="cleo")
    watch.advance(minutes=1)

    watch.expect("7 ana slack page")


def test_whoever_was_called_in_is_paged_with_their_level_all_the_same(
    watch: harness.Watch,
) -> None:
    watch.fire()
    watch.advance(minutes=1)
    watch.act(acts.AddPerson("bo"), by="ana")
    watch.advance(minutes=15)

    watch.expect("0 ana slack page", "1 bo slack page", "15 bo slack page")


def test_whoever_was_called_in_later_is_tried_again(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=1)
    answers = iter([delivery.Later("away")])
    watch.answers["slack"] = lambda _: next(answers, delivery.Accepted())
    watch.act(acts.AddPerson("bo"), by="ana")
    watch.advance(minutes=1)

    watch.expect("0 ana slack page", "1.25 bo slack page")


def test_a_page_to_somebody_called_in_that_nobody_took_is_told(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=1)
    watch.answers["slack"] = lambda _: delivery.Never("no such member")
    watch.act(acts.AddPerson("bo"), by="ana")
    watch.advance(minutes=1)

    watch.expect("0 ana slack page")
    assert [each.kind for each in audit.audit(watch.where, watch.time)] == ["dead-letter"]


def test_whom_it_is_assigned_to_hears_of_it(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=1)
    watch.act(acts.Assign("bo"), by="ana")
    watch.advance(minutes=20)

    watch.expect("0 ana slack page", "1 bo slack page", "1 ana slack update")


def test_who_takes_it_themselves_is_not_paged_for_it(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=1)
    watch.act(acts.Assign("ana"), by="ana")
    watch.advance(minutes=20)

    watch.expect("0 ana slack page")


def test_a_page_taken_back_while_others_were_sent_is_not_sent(watch: harness.Watch) -> None:
    """A slow channel has looked at its list, and then somebody answers."""
    both = dataclasses.replace(watch.given, default_policy=harness.levels("everyone"))
    watch.given = both
    watch.fire()
    answers = iter(["ana"])

    def slow(message: messages.Message) -> delivery.Attempt:
        for name in answers:
            watch.act(acts.Acknowledge(), by=name)
        return delivery.Accepted(message.key)

    watch.answers["slack"] = slow
    watch.advance()

    assert [each.person for each in watch.got if each.kind == "page"] == ["ana"]
    watch.got.clear()


def test_a_message_taken_back_leaves_the_bundle_it_was_in(tmp_path: Path) -> None:
    ana = harness.person("ana", "sms")
    given = dataclasses.replace(
        harness.TWO_LEVELS,
        directory=directory.Directory(people={"ana": ana}),
        default_policy=harness.levels("person:ana"),
    )
    watch = harness.Watch(tmp_path, given)
    sent: list[messages.Message] = []

    def slow(message: messages.Message) -> delivery.Attempt:
        sent.append(message)
        if len(sent) == 1:
            for name in ("C", "D"):
                (row,) = [
                    r
                    for r in incidents.listed(watch.where, everything=True, limit=9)
                    if r.title == name
                ]
                watch.act(acts.Acknowledge(), by="bo", incident=row.id)
        return delivery.Accepted("taken")

    watch.answers["sms"] = slow
    for name in "ABCDE":
        watch.fire(name)
    watch.advance()

    (lines,) = [each.body["lines"] for each in sent if "lines" in each.body]
    told = " ".join(lines)
    assert "D (" not in told
    watch.where.close()


def test_everything_that_a_silence_held_pages_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "BATCH", 5)
    count = 12
    rule = rules.Rules(group_by=("alertname", "n"), storm=rules.Storm(incidents=10_000))
    watch = harness.Watch(tmp_path, dataclasses.replace(harness.TWO_LEVELS, rules=rule))
    watch.silence('alertname="QueueStuck"', minutes=10)
    watch.silence('n="1"', minutes=30, by="bo")
    for number in range(count):
        watch.fire(n=str(number))
    watch.advance()
    assert incidents.listed(watch.where, everything=True, limit=10) == []

    watch.time += datetime.timedelta(minutes=11)
    for _ in range(3):
        watch.turn()

    (opened,) = watch.where.rows("select count(*) from incidents")
    assert opened == (count - 1,)
    watch.where.close()


def test_a_silence_that_is_over_stays_over_when_the_clock_is_put_back(
    watch: harness.Watch,
) -> None:
    watch.silence('alertname="QueueStuck"', minutes=10, by="cleo")
    watch.advance(minutes=11)
    watch.expect("10 cleo slack notice")
    watch.time -= datetime.timedelta(minutes=5)
    watch.fire()
    watch.turn()

    watch.expect("6 ana slack page")


def test_an_alert_pages_when_nobody_calls_it_a_consequence_any_more(tmp_path: Path) -> None:
    inhibition = rules.Inhibition(
        (matching.parse('alertname="Database"'),), (matching.parse('alertname="Shop"'),)
    )
    given = dataclasses.replace(harness.TWO_LEVELS, rules=rules.Rules(inhibitions=(inhibition,)))
    watch = harness.Watch(tmp_path, given)
    watch.fire("Database")
    watch.advance()
    watch.fire("Shop")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")

    watch.given = harness.TWO_LEVELS  # the table was taken out of midwatch.toml
    watch.advance(minutes=1)

    watch.expect("1 ana slack page")
    watch.where.close()


def test_a_silence_is_not_over_before_what_it_held_was_judged_again(
    watch: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else changed the incident at that moment: it is tried again."""
    watch.silence('alertname="QueueStuck"', minutes=10, by="nobody")
    watch.fire()
    watch.advance(minutes=9)
    with monkeypatch.context() as lost:
        lost.setattr(taking, "renew", lambda *_: False)
        watch.advance(minutes=2)
        watch.expect()
    watch.advance(minutes=1)

    watch.expect("11 ana slack page")


def killed_at_each_write(watch: harness.Watch) -> None:
    """A turn is killed before its first write, then before its second, until it comes through."""
    writes = 0
    while watch.killed(writes):
        writes += 1


def test_a_kill_between_the_dead_letter_and_its_consequence_delays_nobody(
    watch: harness.Watch,
) -> None:
    watch.answers["slack"] = lambda message: (
        delivery.Never("account closed") if message.person == "ana" else delivery.Accepted()
    )
    watch.fire()
    killed_at_each_write(watch)
    watch.advance(minutes=1)

    assert [(got.person, got.kind) for got in watch.got] == [("bo", "page")]
    watch.got.clear()


def test_a_kill_at_the_edges_of_a_window_costs_neither_of_its_tasks(tmp_path: Path) -> None:
    window = windows.Window(
        "Upgrade",
        (matching.parse('service="db"'),),
        datetime.timedelta(minutes=30),
        starts=harness.BEGIN + datetime.timedelta(minutes=5),
        prepare="db.md#drain",
        after="db.md#refill",
    )
    watch = harness.Watch(tmp_path, dataclasses.replace(harness.TWO_LEVELS, windows=(window,)))
    for minute in (5, 35):
        watch.time = harness.BEGIN + datetime.timedelta(minutes=minute)
        killed_at_each_write(watch)

    titles = {row.title for row in incidents.listed(watch.where, everything=True, limit=9)}
    assert titles == {"Upgrade: drain", "Upgrade: refill"}
    assert len(incidents.listed(watch.where, everything=True, limit=9)) == 2
    watch.where.close()


def test_where_nothing_reaches_the_last_level_everybody_else_is_called(tmp_path: Path) -> None:
    given = dataclasses.replace(
        harness.TWO_LEVELS, default_policy=harness.levels("person:ana", "person:bo")
    )
    watch = harness.Watch(tmp_path, given)
    watch.answers["slack"] = lambda message: (
        delivery.Accepted() if message.person == "cleo" else delivery.Never("account closed")
    )
    watch.fire()
    watch.advance(minutes=2)

    assert [(got.person, got.kind) for got in watch.got] == [("cleo", "page")]
    watch.where.close()


def test_where_nothing_reaches_anybody_it_is_tried_again_with_the_next_round(
    tmp_path: Path,
) -> None:
    watch = harness.Watch(tmp_path)
    tries = []

    def dead(message: messages.Message) -> delivery.Attempt:
        tries.append(message.person)
        return delivery.Never("account closed")

    watch.answers["slack"] = dead
    watch.fire()
    watch.advance(minutes=10)

    assert tries == ["ana", "bo", "cleo"]
    watch.advance(minutes=10)
    assert tries == ["ana", "bo", "cleo"] * 2
    assert {each.kind for each in audit.audit(watch.where, watch.time)} >= {"dead-letter"}
    watch.where.close()


def test_an_incident_that_cannot_be_read_keeps_no_other_from_paging(
    watch: harness.Watch,
) -> None:
    """A newer Midwatch wrote something there, and an older one runs again."""
    watch.fire("Old")
    watch.advance()
    watch.expect("0 ana slack page")
    name, at = watch.incident(), "2026-11-23T03:00:00.000000Z"
    query = "insert into incident_events values (:id, :seq, :at, :kind, :text)"
    for seq, kind, text in [(90, "thought-about", "{}"), (91, "paged", "{")]:
        values = {"id": name, "seq": seq, "at": at, "kind": kind, "text": text}
        watch.where.write((query, values))
    watch.where.close()
    watch.where = store.connect(watch.url)
    watch.fire("New")
    watch.fire("Old", start=1)
    watch.advance(minutes=16)

    watch.expect("0 ana slack page", "15 bo slack page", "15 bo slack page")
    told = [each.event for each in incidents.timeline(watch.where, name)]
    assert [type(each).__name__ for each in told].count("Unread") == 2


def test_what_was_sent_while_the_database_was_locked_is_not_sent_again(
    watch: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was handed over, and for a minute nobody could write that down."""
    watch.fire()
    watch.advance()
    watch.expect("0 ana slack page")
    watch.fire("Another")
    write, locked = type(watch.where).write, iter(range(3))

    def busy(self: store.Store, *statements: store.Statement) -> bool:
        told = any("state = 'sent'" in query for query, _ in statements)
        if told and next(locked, None) is not None:
            raise errors.StoreError("The journal is locked by another process.")
        return write(self, *statements)

    monkeypatch.setattr(type(watch.where), "write", busy)
    slept: list[float] = []
    monkeypatch.setattr(watch, "sleep", slept.append)
    watch.advance(minutes=2)

    watch.expect("0 ana slack page")
    assert slept


def test_a_reminder_that_was_late_is_not_sent_about_what_is_over(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.Acknowledge(), by="ana")
    watch.answers["slack"] = lambda _: delivery.Later("away")
    watch.advance(minutes=121)
    watch.act(acts.Resolve("it is over", force=True), by="ana")
    watch.answers.clear()
    watch.advance(minutes=20)

    watch.expect("0 ana slack page")


def test_what_cannot_be_reopened_says_where_to_go_on(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    first = watch.incident()
    watch.act(acts.Resolve("it is over", force=True), by="ana")
    watch.fire(start=1)
    watch.advance(minutes=1)
    (second,) = [row.id for row in incidents.listed(watch.where, everything=False, limit=9)]

    with pytest.raises(errors.UserError, match=f"{second} is open for the same alerts"):
        watch.act(acts.Reopen("it was not"), by="ana", incident=first)
    watch.expect("0 ana slack page", "0 ana slack page")


def test_a_second_storm_pages_whoever_acknowledged_the_first(tmp_path: Path) -> None:
    rule = rules.Rules(group_by=("n",), storm=rules.Storm(incidents=5))
    watch = harness.Watch(tmp_path, dataclasses.replace(harness.TWO_LEVELS, rules=rule))
    for number in range(8):
        watch.fire(n=str(number))
    watch.advance()
    (storm,) = [r.id for r in incidents.listed(watch.where, everything=True, limit=99)]
    watch.act(acts.Acknowledge(), by="ana", incident=storm)
    watch.advance(minutes=60)
    watch.expect("0 ana slack page")

    for number in range(8, 16):
        watch.fire(n=str(number))
    watch.advance()

    watch.expect("60 ana slack page")
    watch.where.close()


def test_whoever_was_called_in_hears_by_whom_not_of_a_policy(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance(minutes=1)
    watch.act(acts.AddPerson("bo"), by="ana")
    watch.advance(minutes=1)

    told = [each.body["because"] for each in watch.got]
    assert told == ["named in the policy", "ana calls you in"]
    watch.got.clear()


def test_of_two_processes_that_send_a_message_one_hands_it_over(watch: harness.Watch) -> None:
    """`midwatch page` and the watch that runs may begin it at the same moment."""
    watch.fire()
    turn.turn(watch.where, watch.given, watch.time)
    (each,) = outbox.due(watch.where, "slack", watch.time, 9)
    twice: list[str] = []

    def send(message: messages.Message) -> delivery.Attempt:
        watch.time += datetime.timedelta(seconds=1)
        sending.send_one(watch.where, each, other, watch)
        return delivery.Accepted(message.key)

    def other(message: messages.Message) -> delivery.Attempt:
        twice.append(message.key)
        return delivery.Accepted(message.key)

    sending.send_one(watch.where, each, send, watch)

    assert twice == []
    assert [letter.attempts for letter in outbox.listed(watch.where)] == [1]
