"""Waits, in virtual time."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from midwatch.plugs.steps import ended, wait, worker_files

START = datetime.datetime(2026, 3, 1, 3, 0, tzinfo=datetime.UTC)


class Clock:
    def __init__(self, then: Callable[[float], None] = lambda _: None) -> None:
        self.passed = 0.0
        self._then = then

    def now(self) -> datetime.datetime:
        return START + datetime.timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self._then(self.passed)


def request(text: str, until: float) -> worker_files.Request:
    return worker_files.Request(kind="wait", pieces=(text,), until=START.timestamp() + until)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Wait 5 minutes", 300.0),
        ("Wait for the nodes to come (2-3 minutes)", 180.0),
        ("sleep 90", 90.0),
        ("sleep 1.5m", 90.0),
        ("Wait about 30 s", 30.0),
    ],
)
def test_the_time_is_the_documents_and_of_a_range_the_longer(text: str, seconds: float) -> None:
    assert wait.seconds(text) == seconds
    assert wait.by_hand(text) == ""


@pytest.mark.parametrize("text", ["Wait for the job to end", "Wait 3 days", "Wait 0 minutes"])
def test_a_wait_without_an_end_is_a_persons(text: str) -> None:
    assert wait.by_hand(text) == "A person waits for this: it names no time."


def test_it_lasts_as_long_as_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()

    assert wait.carry_out(request("Wait 2 minutes", 120), tmp_path, clock) is ended.Exit.DONE

    assert clock.passed == pytest.approx(120, abs=0.2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 min 0 s left"
    assert lines[-1] == "The time is over."
    assert 5 < len(lines) < 15


def test_after_a_crash_only_the_rest_is_waited(tmp_path: Path) -> None:
    clock = Clock()

    wait.carry_out(request("Wait 10 minutes", 45), tmp_path, clock)

    assert clock.passed == pytest.approx(45, abs=0.2)


def test_a_clock_set_back_makes_no_wait_longer(tmp_path: Path) -> None:
    clock = Clock()

    wait.carry_out(request("Wait 1 minute", 9000), tmp_path, clock)

    assert clock.passed == pytest.approx(60, abs=0.2)


def test_a_person_can_cut_it_short(tmp_path: Path) -> None:
    def hurry(passed: float) -> None:
        if passed > 30:
            worker_files.answer(tmp_path, worker_files.YES)

    clock = Clock(hurry)

    wait.carry_out(request("Wait 10 minutes", 600), tmp_path, clock)

    assert clock.passed < 31
    assert worker_files.meaning(tmp_path).startswith("a person went on with 9 min")
