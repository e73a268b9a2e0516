"""The log says what happens to incidents, each thing once."""

from __future__ import annotations

import logging

import pytest
from tests.watch import harness

from midwatch.engine.watch import telling
from midwatch.incidents import acts


def test_each_thing_that_happens_is_one_line_of_the_log(
    watch: harness.Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "midwatch.engine.watch.telling")
    teller = telling.Teller(watch)
    watch.time += harness.MINUTE
    watch.fire("QueueStuck")
    for _ in range(3):
        watch.advance()
        teller.tell(watch.where)
    watch.act(acts.Acknowledge())
    teller.tell(watch.where)
    teller.tell(watch.where)
    watch.expect("1 ana slack page")

    lines = [record.getMessage().removeprefix(watch.incident()) for record in caplog.records]
    assert lines == [
        " opened: QueueStuck, critical (grouped by alertname)",
        " no procedure: no procedure is for it",
        " 1 alert (QueueStuck) fired (1 firing now)",
        " ana paged: level 1 of test: at once",
        " ana acknowledged it",
    ]


def test_what_happened_before_the_start_is_not_told_again(
    watch: harness.Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "midwatch.engine.watch.telling")
    watch.fire()
    watch.advance()
    watch.expect("0 ana slack page")

    telling.Teller(watch).tell(watch.where)

    assert caplog.records == []
