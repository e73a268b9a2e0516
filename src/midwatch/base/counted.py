"""How many of something, in words."""

from __future__ import annotations


def of(number: float, noun: str, many: str = "") -> str:
    """`1 step`, `2 steps`, `1.5 minutes`, `3 tries`."""
    told = f"{number:g}" if isinstance(number, float) else str(number)
    return f"{told} {noun if told == '1' else many or noun + 's'}"
