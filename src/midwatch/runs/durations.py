"""Durations as documents write them: `15m`, `5-10 minutes`, `1 h`."""

from __future__ import annotations

import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)", re.IGNORECASE)


def longest(text: str | None) -> float | None:
    """The longest duration that the text names, in seconds; None where it names none."""
    found = [float(number) * SECONDS[unit.lower()] for number, unit in DURATION.findall(text or "")]
    return max(found, default=None)
