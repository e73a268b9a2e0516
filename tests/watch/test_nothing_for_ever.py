"""What no source ever ends, and ends that had no start: nothing waits, counts or grows for ever."""

from __future__ import annotations

import dataclasses
import datetime

from tests.watch import harness

from midwatch.alerts import intake, matching, missed_heartbeats, model, probes, rules
from midwatch.db import moments
from midwatch.engine.watch import keeping, probing
from midwatch.incidents import acts

DAY = 24 * 60 * harness.MINUTE
INHIBITION = rules.Inhibition(
    (matching.parse('alertname="DatabaseDown"'),), (matching.parse('alertname="Slow"'),)
)


def count(watch: harness.Watch, table: str) -> int:
    return int(watch.where.rows(f"select count(*) from {table}")[0][0])  # noqa: S608


def forget(watch: harness.Watch, days: int) -> None:
    """Let so many days go by, and the keeper look."""
    keeper = keeping.Keeper(90 * DAY, watch)
    watch.time += days * DAY
    while keeper.forget(watch.where):
        pass


def test_an_end_without_a_start_waits_for_nobody(watch: harness.Watch) -> None:
    for number in range(7):
        watch.recover(f"Strange{number}")
    watch.advance()
    depth = intake.depth(watch.where)
    assert (depth.waiting, depth.oldest, depth.firing) == (0, None, 0)
    assert count(watch, "incidents") == 0


def test_ends_without_a_start_do_not_make_an_alert_flap(watch: harness.Watch) -> None:
    for minute in range(9):
        watch.recover(start=-minute)
        watch.advance(minutes=0.25)
    watch.fire()
    watch.advance()
    watch.expect("2.25 ana slack page")
    assert watch.where.rows("select disposition from alerts where status = 'firing'") == [
        ("opened",)
    ]


def test_ends_without_a_start_are_forgotten(watch: harness.Watch) -> None:
    for number in range(7):
        watch.recover(f"Strange{number}")
    watch.fire("Known", severity="info")
    watch.advance()
    forget(watch, days=91)
    assert (count(watch, "intake"), count(watch, "alerts")) == (1, 1)


def test_what_a_person_called_over_holds_nothing_back(watch: harness.Watch) -> None:
    """Its source never ends it: it must not be the reason of anything for ever."""
    watch.given = dataclasses.replace(watch.given, rules=rules.Rules(inhibitions=(INHIBITION,)))
    watch.fire("DatabaseDown")
    watch.advance()
    watch.fire("Slow")
    watch.advance()
    watch.expect("0 ana slack page")
    watch.act(acts.Resolve("the machine is gone for good", force=True))
    watch.advance(minutes=1)
    assert [(got.minute, got.kind) for got in watch.got] == [(0, "page")]
    watch.got.clear()


def test_what_a_person_called_over_and_nobody_repeats_is_over_and_forgotten(
    watch: harness.Watch,
) -> None:
    watch.fire()
    watch.advance()
    watch.act(acts.Resolve("by hand", force=True))
    watch.fire("StillOpen", severity="info")
    watch.turn()
    forget(watch, days=91)
    found = watch.where.rows("select name, status from alerts order by name")
    assert found == [("QueueStuck", "resolved"), ("StillOpen", "firing")]
    assert watch.where.rows("select name from intake") == [("StillOpen",)]
    watch.got.clear()


def test_what_a_person_called_over_and_its_source_repeats_fires_on(watch: harness.Watch) -> None:
    watch.fire(start=0)
    watch.advance()
    watch.act(acts.Resolve("by hand", force=True))
    watch.time += 60 * DAY
    watch.fire(start=0)
    watch.turn()
    watch.time -= 60 * DAY
    forget(watch, days=91)
    assert watch.where.rows("select name, status from alerts") == [("QueueStuck", "firing")]
    assert count(watch, "incidents") == 1
    watch.got.clear()


def test_old_ticks_are_forgotten_but_for_the_last(watch: harness.Watch) -> None:
    rows = [{"due": moments.write(watch.time + hour * 60 * harness.MINUTE)} for hour in range(3)]
    watch.where.write(
        ("insert into ticks (name, due_at, at, incident_id) values ('Daily', :due, :due, '')", rows)
    )
    forget(watch, days=91)
    assert watch.where.rows("select due_at from ticks") == [(rows[-1]["due"],)]


def test_a_probe_that_is_not_arranged_any_more_ends_what_it_found(watch: harness.Watch) -> None:
    site = probes.Probe("SiteDown", harness.MINUTE, 0 * harness.MINUTE, severity="critical")
    bad = probing.Watched(site, lambda: probes.Bad(said="no answer"))
    probing.look_around(watch.where, [bad], watch)
    watch.advance()
    watch.expect("0 ana slack page")
    assert probing.end_gone(watch.where, {"SiteDown"}, watch.time) == 0
    assert probing.end_gone(watch.where, {"SiteUp"}, watch.time) == 1
    assert probing.end_gone(watch.where, {"SiteUp"}, watch.time) == 0
    watch.advance(minutes=6)
    watch.expect("5 ana slack update")
    assert (count(watch, "probe_looks"), count(watch, "probe_states")) == (0, 0)


def test_a_heartbeat_that_nobody_expects_any_more_ends(watch: harness.Watch) -> None:
    backup = missed_heartbeats.Heartbeat("backup", datetime.timedelta(hours=1))
    watch.given = dataclasses.replace(watch.given, heartbeats=(backup,))
    watch.advance()
    watch.time += datetime.timedelta(hours=2)
    watch.advance()
    assert [each.kind for each in watch.got] == ["page"]
    watch.got.clear()
    assert missed_heartbeats.end_gone(watch.where, {"backup"}, watch.time) == 0
    watch.given = dataclasses.replace(watch.given, heartbeats=())
    assert missed_heartbeats.end_gone(watch.where, set(), watch.time) == 1
    watch.advance(minutes=6)
    watch.expect("125 ana slack update")
    found = watch.where.rows("select status from alerts")
    assert found == [(model.Status.RESOLVED.value,)]
