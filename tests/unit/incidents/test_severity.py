"""The level of an incident, from a runbook's own words; the cases are tests/cases/watch."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from midwatch.incidents import severity

CASES = Path(__file__).resolve().parents[2] / "cases" / "watch" / "severities.toml"


@pytest.mark.parametrize("case", tomllib.loads(CASES.read_text(encoding="utf-8"))["case"])
def test_a_level_is_what_the_words_begin_with_and_no_sentence(case: dict[str, str]) -> None:
    assert severity.level(case["written"], case.get("told", "")) == case["level"]


def test_every_level_that_words_name_is_known() -> None:
    written = "SEV2. When a warehouse stands still, treat it as SEV1 and call at once."

    assert severity.named(written) == ("SEV2", "SEV1")
