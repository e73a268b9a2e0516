"""Expected numbers as documents write them."""

from __future__ import annotations

import pytest

from midwatch.runs import thresholds


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("< 0.05", 0.01, 0.05),
        ("Error rate should be below 5%", 0.049, 0.05),
        ("at least 3 replicas", 3, 2),
        ("more than 100 messages", 101, 100),
        ("p95 under 500ms", 0.4, 0.5),
        ("<= 2 minutes", 120, 121),
        ("memory below 2Gi", 2**31 - 1, 2**31),
        ("≥ 1", 1, 0),
        ("= 0", 0, 1),
        ("more than 1,000 jobs", 1001, 2),
        ("below 12,500.5 ms", 12.4, 12.6),
        ("less than 0,5 s", 0.4, 0.6),
    ],
)
def test_a_threshold_is_read_as_it_is_meant(text: str, good: float, bad: float) -> None:
    found = thresholds.find(text)

    assert found is not None
    assert thresholds.broken(found, [good, bad]) == [bad]


@pytest.mark.parametrize("text", ["all pods Running", "no errors", "about 5", "3 replicas"])
def test_a_sentence_without_a_comparison_is_none(text: str) -> None:
    assert thresholds.find(text) is None


def test_what_is_no_number_holds_nothing() -> None:
    found = thresholds.find("< 5")

    assert found is not None
    assert len(thresholds.broken(found, [float("nan")])) == 1
