"""What is old enough is forgotten; what still fires, and every incident, stays."""

from __future__ import annotations

import datetime

from tests.watch import harness

from midwatch.access import audit
from midwatch.alerts import store as alerts
from midwatch.engine.watch import keeping

DAY = 24 * 60


def counts(watch: harness.Watch) -> dict[str, int]:
    tables = ("intake", "alerts", "incidents", "refusals", "audit")
    return {name: watch.where.rows(f"select count(*) from {name}")[0][0] for name in tables}  # noqa: S608


def test_old_messages_go_and_incidents_stay(watch: harness.Watch) -> None:
    keeper = keeping.Keeper(datetime.timedelta(days=90), watch)
    watch.fire("Over", severity="info", start=0)
    watch.fire("FiresStill", severity="info", start=0)
    watch.where.write(alerts.refusing("am", "no JSON", b"x", watch.time))
    watch.where.write(audit.adding("ana", "see", "/", "200", watch.time))
    watch.recover("Over", severity="info")
    watch.advance(minutes=6)
    watch.time += 91 * DAY * harness.MINUTE
    watch.fire("New", severity="info")
    watch.turn()
    before = counts(watch)

    left = keeper.forget(watch.where)

    assert before == {"intake": 4, "alerts": 3, "incidents": 3, "refusals": 1, "audit": 1}
    assert left == 0
    assert counts(watch) == {"intake": 2, "alerts": 3, "incidents": 3, "refusals": 0, "audit": 0}
    names = {row[0] for row in watch.where.rows("select name from intake")}
    assert names == {"FiresStill", "New"}


def test_a_message_that_was_forgotten_and_comes_again_fires_on(watch: harness.Watch) -> None:
    """So long after its end it is no old message that comes late: its source means it."""
    keeper = keeping.Keeper(datetime.timedelta(days=90), watch)
    watch.fire("Over", severity="info", start=0)
    watch.recover("Over", severity="info")
    watch.advance(minutes=6)
    watch.time += 91 * DAY * harness.MINUTE
    keeper.forget(watch.where)
    assert counts(watch)["intake"] == 0

    watch.fire("Over", severity="info", start=0)
    watch.advance(minutes=1)

    assert counts(watch)["incidents"] == 2
