"""The ways in which somebody could have been left unpaged, or paged for nothing."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.alerts import matching, rules
from midwatch.engine.watch import taking
from midwatch.incidents import acts, audit, delivery, messages, model
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
