"""How many of something, in words."""

from __future__ import annotations

import pytest

from midwatch.base import counted


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (1, ("step",), "1 step"),
        (0, ("step",), "0 steps"),
        (2, ("step",), "2 steps"),
        (1.0, ("minute",), "1 minute"),
        (1.5, ("minute",), "1.5 minutes"),
        (1, ("try", "tries"), "1 try"),
        (1_234_567, ("alert",), "1234567 alerts"),
    ],
)
def test_one_is_one_and_the_rest_are_many(number: float, words: tuple[str, ...], told: str) -> None:
    assert counted.of(number, *words) == told
