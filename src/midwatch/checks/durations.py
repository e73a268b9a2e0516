"""Lengths of time as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy, shape

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
ONE = lazy.pattern(
    r"(?P<number>\d+(?:\.\d+)?)\s*[-+]?\s*(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|"
    r"d|days?|w|weeks?)(?![A-Za-z])",
    re.IGNORECASE,
)
RANGE = lazy.pattern(
    r"(?P<low>\d+(?:\.\d+)?)\s*(?:-|\u2013|to)\s*(?P<high>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]+)"
)


@shape.frozen
class Span:
    """A length of time between two bounds, in seconds."""

    low: float
    high: float


def seconds(text: str) -> float | None:
    """The first length of time in the text, in seconds."""
    return next(each(text), None)


def each(text: str) -> Iterator[float]:
    """Every length of time in the text, in seconds."""
    for found in ONE.finditer(text):
        yield float(found["number"]) * SECONDS[found["unit"][0].lower()]


def span(text: str) -> Span | None:
    """The first range in the text (`15-30 minutes`), or its first length as a range of one."""
    between = RANGE.search(text)
    if between and between["unit"][0].lower() in SECONDS:
        factor = SECONDS[between["unit"][0].lower()]
        return Span(float(between["low"]) * factor, float(between["high"]) * factor)
    one = seconds(text)
    return None if one is None else Span(one, one)


def words(length: float) -> str:
    """A length of time in words, in the largest unit that it fills."""
    for unit, name in (("d", "day"), ("h", "hour"), ("m", "minute"), ("s", "second")):
        if length >= SECONDS[unit] or unit == "s":
            number = length / SECONDS[unit]
            return f"{number:g} {name}" + ("" if number == 1 else "s")
    return f"{length:g} s"
