"""Faults files, against `tests/cases/drills/faults.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.base import errors
from midwatch.drills import faults, model

ROOT = Path(__file__).parents[3]
CASES: dict[str, Any] = tomllib.loads(
    (ROOT / "tests" / "cases" / "drills" / "faults.toml").read_text(encoding="utf-8")
)
WHOLE = """
version = 1
runbook = "ops/RUNBOOK.md"
target = "lab"
probe = 'look --as "$1"'
prometheus = "http://localhost:9090"
start = "make lab"
stable = 2
timeout = 30
may = "read"

[[fault]]
id = "down"
title = "it is down"
inject = "break it"
heal = "mend it"
probe = "pages"
procedure = "mend"
wrong = "other"
alert = "Down"
set = { count = 3, name = "a" }
find = { session = "list | head -1" }
choose = "by hand"
may = "change"
timeout = 90
wait = 0

[[fault]]
id = "slow"
title = "it is slow"
inject = "slow it"
heal = "speed it"
probe = "mail"
procedure = "mend"
"""


@pytest.mark.parametrize("case", CASES["wrong"], ids=[each["name"] for each in CASES["wrong"]])
def test_what_is_wrong_with_a_faults_file_is_told_in_words(case: dict[str, str]) -> None:
    text = f"{case.get('head', CASES['head'])}\n{case['text']}\n"

    with pytest.raises(errors.UserError) as told:
        faults.read(Path("lab/faults.toml"), text)

    assert "lab/faults.toml" in told.value.message
    assert case["says"] in told.value.message
    assert case.get("hint", "") in told.value.hint


def test_every_key_is_read_and_a_fault_overrides_the_head() -> None:
    found = faults.read(Path("lab/faults.toml"), WHOLE)

    down, slow = found.faults
    assert found.runbook == Path("lab/ops/RUNBOOK.md")
    assert (found.probe, found.prometheus) == ('look --as "$1"', "http://localhost:9090")
    assert (found.start, found.kinds) == ("make lab", ("pages", "mail"))
    assert down.limits == model.Limits(stable=2, timeout=90, wait=0)
    assert slow.limits == model.Limits(stable=2, timeout=30)
    assert (down.may, slow.may) == ("change", "read")
    assert down.set == {"count": "3", "name": "a"}
    assert down.find == {"session": "list | head -1"}
    assert down.choose == ("by hand",)


def test_faults_are_chosen_by_name_and_a_slip_is_told() -> None:
    found = faults.read(Path("faults.toml"), WHOLE)

    assert [each.id for each in faults.chosen(found, ())] == ["down", "slow"]
    assert [each.id for each in faults.chosen(found, ("slow",))] == ["slow"]
    with pytest.raises(errors.UserError, match="no fault “slwo”") as told:
        faults.chosen(found, ("slwo",))
    assert told.value.hint == "Did you mean slow?"


@pytest.mark.parametrize("lab", ["newsletter", "postroom"])
def test_the_faults_of_our_own_labs_are_understood(lab: str) -> None:
    path = ROOT / "lab" / lab / "faults.toml"

    assert faults.read(path, path.read_text(encoding="utf-8")).faults
