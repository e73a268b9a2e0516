"""The list of the longest tests names tests that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import longest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", longest.LONGEST)
def test_what_is_called_long_is_a_test(name: str) -> None:
    path, _, function = name.partition("::")

    assert f"def {function.partition('[')[0]}(" in (ROOT / path).read_text(encoding="utf-8")


def test_no_test_is_lost_or_doubled_when_the_longest_go_first(
    request: pytest.FixtureRequest,
) -> None:
    items = request.session.items

    for workers in (1, 2, 3, 7):
        assert sorted(map(id, longest.first(items, workers))) == sorted(map(id, items))
