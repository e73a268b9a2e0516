"""A clock that is set back holds nothing up, and makes no yes last longer."""

from __future__ import annotations

import datetime
from pathlib import Path

from tests.chaos import lives

from midwatch.base import clock
from midwatch.runs import approvals, chain, events, model

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


class Backwards(clock.SystemClock):
    """Set back by an hour every now and then."""

    def __init__(self) -> None:
        self.asked = 0

    def now(self) -> datetime.datetime:
        self.asked += 1
        return super().now() - self.asked // 7 * HOUR


def test_a_run_is_carried_out_and_its_journal_holds(tmp_path: Path) -> None:
    work = lives.begin(tmp_path, 5)
    run = lives.opened(work, ticks=Backwards())

    assert run.carry_out() is model.Outcome.SUCCEEDED

    assert work.told(lives.CHANGES) == ["0", "1", "2", "4"]
    records = run.world.journal
    assert chain.first_break([chain.of(each) for each in records.entries(work.run_id)]) is None
    recorded = records.read(work.run_id)
    assert recorded[-1].at < recorded[1].at
    ended = [each.event for each in recorded if isinstance(each.event, events.StepFinished)]
    assert all(0 <= each.seconds < 60 for each in ended)
    records.close()


def test_a_yes_does_not_last_longer() -> None:
    until = (NOW + datetime.timedelta(minutes=15)).isoformat()

    assert approvals.counts(until, NOW, 900.0)
    assert approvals.counts(until, NOW - datetime.timedelta(seconds=59), 900.0)
    assert not approvals.counts(until, NOW - HOUR, 900.0)
    assert not approvals.counts(until, NOW + datetime.timedelta(minutes=15), 900.0)
