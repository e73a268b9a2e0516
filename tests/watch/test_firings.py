"""Which firing an alert belongs to, where its source tells no start, or stops repeating it."""

from __future__ import annotations

import dataclasses

from tests.watch import harness

from midwatch.alerts import accepting, intake, model
from midwatch.engine.watch import turn
from midwatch.incidents import acts, outbox
from midwatch.incidents import store as incidents


def tell(watch: harness.Watch, alert: model.Alert) -> None:
    """Accept it as the committer does."""
    every = intake.dated(watch.where, [alert], watch.time)
    watch.where.write(*accepting.accepting(every, watch.time))


def undated(watch: harness.Watch, status: model.Status = model.Status.FIRING) -> model.Alert:
    alert = dataclasses.replace(watch.alert("Backup"), undated=True, status=status)
    return dataclasses.replace(alert, ended_at=None if status == "firing" else watch.time)


def expiring(watch: harness.Watch, minutes: float) -> model.Alert:
    """As Prometheus sends it: good until then, unless it is sent again."""
    expires = watch.time + minutes * harness.MINUTE
    return dataclasses.replace(watch.alert("Disk", start=0), expires_at=expires)


def listed(watch: harness.Watch) -> list[tuple[str, int]]:
    rows = incidents.listed(watch.where, everything=True, limit=100)
    return sorted((row.status.value, row.alerts) for row in rows)


def test_an_alert_without_a_start_goes_on_with_the_firing_that_is_open(
    watch: harness.Watch,
) -> None:
    for _ in range(3):
        tell(watch, undated(watch))
        watch.advance(minutes=1)
    watch.expect("0 ana slack page")
    assert listed(watch) == [("open", 1)]


def test_its_end_ends_that_firing_and_the_next_one_is_new(watch: harness.Watch) -> None:
    tell(watch, undated(watch))
    watch.advance(minutes=1)
    tell(watch, undated(watch, model.Status.RESOLVED))
    watch.advance(minutes=6)
    watch.expect("0 ana slack page", "6 ana slack update")

    tell(watch, undated(watch))
    watch.advance()
    watch.expect("7 ana slack page")
    assert listed(watch) == [("open", 1), ("resolved", 1)]


def test_start_end_and_start_in_one_breath_are_two_firings(watch: harness.Watch) -> None:
    resolved = undated(watch, model.Status.RESOLVED)
    again = dataclasses.replace(undated(watch), started_at=watch.time + harness.STEP)
    every = intake.dated(watch.where, [undated(watch), resolved, again], watch.time)

    assert [each.started_at for each in every] == [
        watch.time,
        watch.time,
        watch.time + harness.STEP,
    ]


def test_once_a_person_has_resolved_it_the_next_one_pages_again(watch: harness.Watch) -> None:
    tell(watch, undated(watch))
    watch.advance(minutes=1)
    watch.act(acts.Resolve("it is a test", force=True))
    watch.advance(minutes=1)
    watch.expect("0 ana slack page")

    tell(watch, undated(watch))
    watch.advance()
    watch.expect("2 ana slack page")


def test_an_alert_that_is_sent_again_lasts_on(watch: harness.Watch) -> None:
    for _ in range(4):
        tell(watch, expiring(watch, minutes=4))
        watch.advance(minutes=3)
    watch.expect("0 ana slack page")
    assert listed(watch) == [("open", 1)]


def test_an_alert_that_nobody_repeats_is_over(watch: harness.Watch) -> None:
    tell(watch, expiring(watch, minutes=4))
    watch.advance(minutes=10)
    watch.expect("0 ana slack page", "9 ana slack update")
    assert listed(watch) == [("resolved", 1)]


def test_an_alert_that_comes_back_after_a_silence_of_its_source_pages_again(
    watch: harness.Watch,
) -> None:
    tell(watch, expiring(watch, minutes=4))
    watch.advance(minutes=10)
    watch.expect("0 ana slack page", "9 ana slack update")

    tell(watch, expiring(watch, minutes=4))
    watch.advance()
    watch.expect("10 ana slack page")
    assert listed(watch) == [("open", 1), ("resolved", 1)]


def test_an_alert_that_fires_on_after_its_end_was_told_pages_again(
    watch: harness.Watch,
) -> None:
    """Alertmanager was cut off from Prometheus: it told an end, and later the same firing."""
    for minute in (0, 20):
        watch.advance(minutes=minute)
        tell(watch, watch.alert("Disk", start=0))
        watch.advance(minutes=1)
        over = dataclasses.replace(watch.alert("Disk", start=0), status=model.Status.RESOLVED)
        tell(watch, dataclasses.replace(over, ended_at=watch.time))
        watch.advance(minutes=6)

    watch.expect(
        "0 ana slack page", "6 ana slack update", "27 ana slack page", "33 ana slack update"
    )
    assert listed(watch) == [("resolved", 1), ("resolved", 1)]


def test_an_old_message_that_comes_late_pages_nobody(watch: harness.Watch) -> None:
    tell(watch, watch.alert("Disk", start=0))
    watch.advance(minutes=1)
    over = dataclasses.replace(watch.alert("Disk", start=0), status=model.Status.RESOLVED)
    tell(watch, dataclasses.replace(over, ended_at=watch.time))
    watch.advance(minutes=0.5)
    tell(watch, watch.alert("Disk", start=0))
    watch.advance(minutes=6)

    watch.expect("0 ana slack page", "6 ana slack update")


def test_many_at_once_are_all_there_and_none_twice(watch: harness.Watch) -> None:
    alerts = [watch.alert(f"Many{number % 130}", start=0) for number in range(260)]
    watch.where.write(*accepting.accepting(alerts, watch.time))

    names = {row[0] for row in watch.where.rows("select name from intake")}
    ((count,),) = watch.where.rows("select count(*) from intake")
    assert names == {f"Many{number}" for number in range(130)}
    assert count == 130


def test_people_are_paged_in_the_middle_of_a_flood(watch: harness.Watch) -> None:
    alerts = [watch.alert(f"Many{number}", start=0, service="mail") for number in range(5000)]
    watch.where.write(*accepting.accepting(alerts, watch.time))

    more = turn.turn(watch.where, watch.given, watch.time)

    assert more
    assert outbox.channels(watch.where, watch.time) == ["slack"]
    watch.where.write(("delete from outbox", {}))
