"""Figures, against `tests/cases/drills/statistics.toml`, and how arms are compared."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.drills import comparison, model, statistics

CASES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "drills" / "statistics.toml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES["median"], ids=str)
def test_the_median_is_the_middle(case: dict[str, Any]) -> None:
    expected = None if case["is"] == "nothing" else case["is"]

    assert statistics.median(case["of"]) == expected


@pytest.mark.parametrize("case", CASES["share"], ids=str)
def test_a_share_does_not_claim_certainty_after_few_tries(case: dict[str, Any]) -> None:
    found = statistics.share(case["yes"], case["of"])

    assert found is not None
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (
        case["value"],
        case["low"],
        case["high"],
    )


@pytest.mark.parametrize("case", CASES["bootstrap"], ids=str)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_bootstrap_interval_holds_the_mean(case: dict[str, Any], seed: int) -> None:
    found = statistics.bootstrap(case["of"], seed)

    assert found is not None
    assert found.value == pytest.approx(case["value"])
    assert case["low"][0] <= found.low <= case["low"][1]
    assert case["high"][0] <= found.high <= case["high"][1]


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [1.0, 0.0, 1.0, 1.0, 0.0]

    assert statistics.bootstrap(values, 7) == statistics.bootstrap(values, 7)


def test_nothing_tried_gives_no_figure() -> None:
    assert statistics.share(0, 0) is None
    assert statistics.bootstrap([], 1) is None


def result(fault: str, arm: str, verdict: str, stable: float | None = None) -> model.Result:
    return model.Result(
        1, fault, model.Arm(arm), 1, model.Verdict(verdict), detected=2.0, stable=stable
    )


RESULTS = (
    result("a", "midwatch", "healed", 10.0),
    result("b", "midwatch", "healed", 20.0),
    result("c", "midwatch", "not-broken"),
    result("a", "none", "not-healed"),
    result("b", "none", "healed", 40.0),
    result("c", "none", "not-healed"),
)


def test_an_arm_is_told_by_what_was_judged_only() -> None:
    none, midwatch = comparison.rows(RESULTS)

    assert (none.arm, none.healed, none.tries, none.not_judged) == (model.Arm.NONE, 1, 3, 0)
    assert (midwatch.healed, midwatch.tries, midwatch.not_judged) == (2, 2, 1)
    assert (midwatch.stable, none.stable) == (15.0, 40.0)


def test_a_gain_compares_the_same_fault_under_the_same_seed() -> None:
    (gain,) = comparison.gains(RESULTS, 1)

    assert (gain.over, gain.pairs) == (model.Arm.NONE, 2)
    assert gain.interval.value == 0.5
