"""What is one alert stays one, what is held back says why, and a storm stays readable."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.watch import harness

from midwatch.alerts import matching, rules
from midwatch.alerts import store as alerts
from midwatch.incidents import store as incidents


def _count(watch: harness.Watch) -> int:
    return len(incidents.listed(watch.where, everything=True, limit=100))


def _dispositions(watch: harness.Watch) -> list[tuple[str, str]]:
    query = "select disposition, reason from alerts order by received_at, episode"
    return [(row[0], row[1]) for row in watch.where.rows(query)]


def test_a_repeated_message_changes_nothing(watch: harness.Watch) -> None:
    for _ in range(3):
        watch.fire(start=0)
    watch.advance()
    watch.fire(start=0)
    watch.advance()
    watch.expect("0 ana slack page")
    assert _dispositions(watch) == [("opened", "grouped by alertname")]


def test_alerts_of_one_group_are_one_incident(watch: harness.Watch) -> None:
    watch.fire(pod="a", service="mail")
    watch.fire(pod="b", service="mail")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")
    assert _count(watch) == 1


def test_two_services_are_two_incidents(watch: harness.Watch) -> None:
    watch.fire(service="mail")
    watch.fire(service="shop")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page", "0 ana slack page")


def test_a_silenced_alert_pages_nobody_and_says_whose_silence_it_is(watch: harness.Watch) -> None:
    watch.silence('service="mail"', minutes=60)
    watch.fire(service="mail")
    watch.advance(minutes=30)
    watch.expect()
    ((disposition, reason),) = _dispositions(watch)
    assert disposition == "silenced"
    assert reason == (
        'silence S0 of ana (service="mail"; planned work), until 2026-11-23 04:00 UTC'
    )


def test_a_silence_that_ends_while_the_alert_fires_is_loud(watch: harness.Watch) -> None:
    watch.silence('service="mail"', minutes=60)
    watch.fire(service="mail")
    watch.advance(minutes=61)
    watch.expect("60 ana slack page", "60 ana slack notice")


def test_a_consequence_waits_while_its_cause_fires(tmp_path: Path) -> None:
    inhibition = rules.Inhibition(
        source=(matching.parse('alertname="HostDown"'),),
        target=(matching.parse('alertname="ServiceDown"'),),
        equal=("host",),
    )
    given = dataclasses.replace(harness.TWO_LEVELS, rules=rules.Rules(inhibitions=(inhibition,)))
    watch = harness.Watch(tmp_path, given)
    watch.fire("HostDown", host="db1")
    watch.advance()
    watch.fire("ServiceDown", host="db1")
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")
    watch.recover("HostDown", host="db1")
    watch.advance(minutes=1)
    watch.expect("1 ana slack page")


def test_an_end_without_a_start_opens_nothing(watch: harness.Watch) -> None:
    watch.recover()
    watch.advance(minutes=1)
    watch.expect()
    assert _dispositions(watch) == [("stale", "its start was never told")]


def test_a_start_that_comes_after_its_end_opens_nothing(watch: harness.Watch) -> None:
    watch.fire(start=0)
    watch.advance()
    watch.recover(start=0)
    watch.advance(minutes=0.5)
    watch.expect("0 ana slack page")
    watch.where.write(("delete from intake where status = 'firing'", {}))
    watch.fire(start=0)
    watch.advance(minutes=6)
    watch.expect("5 ana slack update")


def test_a_storm_becomes_one_incident_that_people_can_read(watch: harness.Watch) -> None:
    storm = [watch.alert("QueueStuck", service=f"s{number}") for number in range(2_000)]
    watch.where.write(alerts.accepting(storm, watch.time))
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")
    (row,) = incidents.listed(watch.where, everything=True, limit=10)
    assert (row.title, row.firing) == ("Alert storm: many new alerts at once", 2_000)


def test_an_alert_that_flaps_stays_one_incident(watch: harness.Watch) -> None:
    for minute in range(0, 20, 2):
        watch.fire(start=minute)
        watch.advance(minutes=1)
        watch.recover(start=minute)
        watch.advance(minutes=1)
    assert _count(watch) == 1
    assert any(disposition == "flapping" for disposition, _ in _dispositions(watch))
    watch.got.clear()
