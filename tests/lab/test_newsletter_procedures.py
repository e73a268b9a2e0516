"""Each procedure of our Newsletter runbook is carried out for real, and its effect is there."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lab import person, script
from tests.lab.conftest import LAB, ROOT

LONG = pytest.mark.skipif(os.environ.get("MIDWATCH_LONG") != "1", reason="make test-long")
BOOK = tomllib.loads((ROOT / "tests/cases/lab/newsletter_procedures.toml").read_text())
CASES: list[dict[str, Any]] = BOOK["case"]
BENCH = script.Bench(BOOK["tools"])
FAULTS = {
    fault["id"]: fault
    for fault in tomllib.loads((LAB / "faults.toml").read_text(encoding="utf-8"))["fault"]
}
ALERTS = "http://localhost:9090/api/v1/alerts"
DETECTED_WITHIN, QUIET_WITHIN = 15.0, 90.0


def firing() -> set[str]:
    """The alerts that fire now."""
    with urllib.request.urlopen(ALERTS, timeout=5) as answer:
        alerts = json.load(answer)["data"]["alerts"]
    return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


def awaited(alert: str, *, fires: bool, within: float) -> float:
    """Wait until an alert fires, or fires no more; the seconds that took."""
    began = time.monotonic()
    while (alert in firing()) is not fires:
        assert time.monotonic() - began < within, f"{alert}: not so within {within:g} s"
        time.sleep(0.2)
    return time.monotonic() - began


@pytest.fixture
def lab(newsletter: Path) -> Iterator[Path]:
    """The lab, whole before the test and after it."""
    yield newsletter
    BENCH.holds("eventually healthy")


@pytest.fixture
def somebody(newsletter: Path, tmp_path: Path) -> person.Person:
    """Somebody in the lab's folder, with a journal of their own."""
    state = tmp_path / "state"
    state.mkdir()
    return person.Person(newsletter, state)


def test_every_procedure_of_the_runbook_has_a_case() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "midwatch", "show", "--json", str(LAB / "RUNBOOK.md")],
        check=True,
        capture_output=True,
        text=True,
    )
    procedures = json.loads(shown.stdout)["runbooks"][0]["procedures"]
    assert {procedure["id"] for procedure in procedures} == {case["procedure"] for case in CASES}
    assert {case["fault"] for case in CASES if "fault" in case} <= set(FAULTS)


@LONG
@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", CASES, ids=[case["procedure"] for case in CASES])
def test_a_procedure_has_its_effect(
    lab: Path, somebody: person.Person, case: dict[str, Any]
) -> None:
    assert lab == somebody.folder
    try:
        with users(case):
            prepare(case)
            carry_out(somebody, case)
    finally:
        heal = f"./fault heal {case['fault']}" if "fault" in case else "true"
        BENCH.holds(f"{heal}\n{case.get('clean', 'true')}")


@contextlib.contextmanager
def users(case: dict[str, Any]) -> Iterator[None]:
    """Somebody uses what the fault breaks, all the time: many alerts come only then."""
    if "fault" not in case:
        yield
        return
    kind = FAULTS[case["fault"]]["probe"]
    probe = subprocess.Popen([LAB / "probe", kind], cwd=LAB, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        probe.terminate()
        probe.wait()


def prepare(case: dict[str, Any]) -> None:
    """What must be there before; a fault is there when its alert fires, and that is soon."""
    BENCH.holds(case.get("before", "true"))
    if "fault" not in case:
        return
    fault = FAULTS[case["fault"]]
    awaited(fault["alert"], fires=False, within=QUIET_WITHIN)
    BENCH.holds(f"./fault inject {case['fault']}")
    awaited(fault["alert"], fires=True, within=DETECTED_WITHIN)


def carry_out(somebody: person.Person, case: dict[str, Any]) -> None:
    """The run, its effect, and the way back."""
    inputs = [f"--set={name}={value}" for name, value in case.get("set", {}).items()]
    address = f"RUNBOOK.md#{case['procedure']}"
    done = somebody.runs("run", address, "--target", "newsletter", "--yes", "change", *inputs)
    assert done.code == 0, done.shown
    assert done.of("failure-settled") == [], done.shown
    assert [words for words in case.get("shows", []) if words not in done.shown] == [], done.shown
    if "person" in case:
        assert len(done.of("done-by-person")) == case["person"]
    BENCH.holds(case.get("after", "true"))
    if case.get("back"):
        undone = somebody.runs("undo", done.run_id, "--yes", "change")
        assert undone.code == 0, undone.shown
        BENCH.holds(case["after_back"])
