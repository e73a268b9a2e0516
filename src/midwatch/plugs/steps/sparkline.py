"""A row of numbers as a line of little bars."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
GAP = " "


def of(numbers: Sequence[float], width: int) -> str:
    """The numbers as bars between their least and their greatest; what is none is a gap."""
    shown = _fitted(numbers, width)
    real = [each for each in shown if math.isfinite(each)]
    if not real:
        return GAP * len(shown)
    low, high = min(real), max(real)
    return "".join(_bar(each, low, high) for each in shown)


def _bar(number: float, low: float, high: float) -> str:
    if not math.isfinite(number):
        return GAP
    if high == low:
        return BARS[0] if number == 0 else BARS[3]
    return BARS[min(int((number - low) / (high - low) * len(BARS)), len(BARS) - 1)]


def _fitted(numbers: Sequence[float], width: int) -> list[float]:
    """At most that many numbers; of each group the greatest, so that no peak is lost."""
    if len(numbers) <= width:
        return list(numbers)
    bounds = [round(each * len(numbers) / width) for each in range(width + 1)]
    groups = (numbers[low:high] for low, high in itertools.pairwise(bounds))
    return [_greatest(group) for group in groups]


def _greatest(group: Sequence[float]) -> float:
    real = [each for each in group if math.isfinite(each)]
    return max(real) if real else math.nan
