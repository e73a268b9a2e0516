"""A thread of the watch outlives whatever its work runs into."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from tests.watch import harness, server

from midwatch.base import clock, errors
from midwatch.db import store
from midwatch.engine.watch import careful, committing, loop


def goes_on(made: loop.Loop, worked: threading.Event) -> bool:
    """Whether the loop comes to work well in the end."""
    made.start()
    try:
        for _ in range(20):
            made.wake()
            if worked.wait(0.1):
                return True
    finally:
        made.close()
    return False


def test_a_bug_in_one_round_does_not_end_the_thread(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    worked, rounds = threading.Event(), iter([ZeroDivisionError("a bug")])

    def work(_: store.Store) -> int:
        for error in rounds:
            raise error
        worked.set()
        return 0

    url = f"sqlite://{tmp_path / 'watch.db'}"
    assert goes_on(loop.Loop("sender-sms", url, work, clock.SystemClock()), worked)
    assert "sender-sms: a bug: a bug" in caplog.text


def test_a_database_that_cannot_be_opened_yet_is_opened_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "state"
    in_the_way.write_text("no folder", encoding="utf-8")
    worked = threading.Event()

    def work(_: store.Store) -> int:
        worked.set()
        return 0

    made = loop.Loop("engine", f"sqlite://{in_the_way / 'watch.db'}", work, clock.SystemClock())
    made.start()
    server.until(lambda: made.failures, "a failure")
    in_the_way.unlink()
    made.wake()

    assert worked.wait(server.SECONDS)
    made.close()
    assert "engine: " in caplog.text


def test_intake_begins_when_its_database_can_be_opened(tmp_path: Path) -> None:
    in_the_way = tmp_path / "state"
    in_the_way.write_text("no folder", encoding="utf-8")
    url = f"sqlite://{in_the_way / 'watch.db'}"
    made = committing.Committer(url, clock.SystemClock(), lambda: None)
    alert = harness.Watch(tmp_path).alert("QueueStuck")

    async def hand_in() -> None:
        made.start(asyncio.get_running_loop())
        with pytest.raises(errors.WorldError):
            await asyncio.wait_for(made.commit(committing.Work([alert])), 10)
        in_the_way.unlink()
        await asyncio.wait_for(made.commit(committing.Work([alert])), 10)

    asyncio.run(hand_in())
    made.close()
    assert made.accepted == 1


def test_a_locked_database_costs_no_incident_its_procedure(tmp_path: Path) -> None:
    """What the database did passes: it is tried again with the runbooks, not without them."""
    watch = harness.Watch(tmp_path)
    turning = careful.Engine(watch.url)
    watch.fire()
    turning.turn(watch.given, watch.time)
    watch.where.write(("alter table incidents rename to away", {}))
    watch.fire("Another")

    with pytest.raises(errors.WorldError):
        turning.turn(watch.given, watch.time)

    assert turning.bugs == 0
    turning.close()
    watch.where.close()
