"""A bug in reading a runbook leaves nobody unpaged."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.alerts import model
from midwatch.base import errors
from midwatch.engine.watch import arrangements, careful
from midwatch.incidents import delivery, matching, outbox


class Broken(arrangements.NoLibrary):
    """A library with a bug."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def match(self, alert: model.Alert) -> matching.Found:  # noqa: ARG002  (the protocol's)
        raise self.error


def engine(folder: Path, error: Exception) -> tuple[harness.Watch, careful.Engine]:
    given = dataclasses.replace(harness.TWO_LEVELS, library=Broken(error))
    watch = harness.Watch(folder, given)
    return watch, careful.Engine(watch.url)


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("a bug"), errors.WorldError("The disk with the runbooks is away.")]
)
def test_somebody_is_paged_although_the_library_goes_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    watch, turning = engine(tmp_path, error)
    watch.fire("QueueStuck")

    turned = turning.turn(watch.given, watch.time)

    assert turned == careful.Turned(more=False, channels=frozenset({"slack"}))
    assert [each.person for each in outbox.listed(watch.where)] == ["ana"]
    assert turning.bugs == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"A turn ended: {error} It is taken again without runbooks."
    ]
    turning.close()
    watch.where.close()


def test_a_database_that_cannot_be_written_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch, turning = engine(tmp_path, ZeroDivisionError("a bug"))
    watch.fire("QueueStuck")
    watch.where.write(("drop table outbox", {}))

    with pytest.raises(errors.WorldError, match="no such table: outbox"):
        turning.turn(watch.given, watch.time)

    assert len(caplog.records) == 1
    turning.close()
    watch.where.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_a_clock_that_is_set_back_puts_no_page_off(tmp_path: Path, restarted: bool) -> None:  # noqa: FBT001
    watch = harness.Watch(tmp_path)
    turning = careful.Engine(watch.url)
    watch.fire()
    turning.turn(watch.given, watch.time)
    watch.turn()
    watch.time += datetime.timedelta(minutes=10)
    turning.turn(watch.given, watch.time)
    watch.answers["slack"] = lambda _: delivery.Later("away", retry_after=60)
    watch.fire("Another")
    turning.turn(watch.given, watch.time)
    watch.turn()
    watch.expect("0 ana slack page")
    watch.answers.clear()

    watch.time -= datetime.timedelta(hours=3)
    if restarted:
        turning.close()
        turning = careful.Engine(watch.url)
    for _ in range(61):
        turning.turn(watch.given, watch.time)
        watch.turn()
        watch.time += harness.STEP

    at = [f"{got.minute + 170:g} {got.person}" for got in watch.got]
    assert at == ["0 ana", "0 ana", "0 ana", "15 bo", "15 bo"]
    turning.close()
    watch.where.close()
