"""The few numbers a drill needs: medians, shares, and how far chance alone could move them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from midwatch.base import shape

RESAMPLES = 2000
SURE = 0.95
Z = 1.959964
"""Standard deviations on each side that hold 95 of 100."""


@shape.frozen
class Interval:
    """A number, and between which bounds it lies with 95 % certainty."""

    value: float
    low: float
    high: float


def median(values: Sequence[float]) -> float | None:
    """The middle one; between two the mean of both; nothing of nothing."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def share(yes: int, count: int) -> Interval | None:
    """A share with its Wilson interval, which does not claim certainty after few tries."""
    if not count:
        return None
    part, square = yes / count, Z * Z
    centre = (part + square / (2 * count)) / (1 + square / count)
    spread = math.sqrt(part * (1 - part) / count + square / (4 * count * count))
    half = Z * spread / (1 + square / count)
    return Interval(part, max(0.0, centre - half), min(1.0, centre + half))


def bootstrap(differences: Sequence[float], seed: int) -> Interval | None:
    """The mean of paired differences, with a percentile interval from seeded resamples."""
    if not differences:
        return None
    chance = random.Random(seed)  # noqa: S311  (a figure is repeated, not guarded)
    count = len(differences)
    means = sorted(sum(chance.choices(differences, k=count)) / count for _ in range(RESAMPLES))
    aside = int(RESAMPLES * (1 - SURE) / 2)
    mean = sum(differences) / count
    return Interval(mean, means[aside], means[-1 - aside])
