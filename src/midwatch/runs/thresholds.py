"""Whether numbers are as a document expects: “< 5%”, “should be below 100”, “> 0”."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence

from midwatch.base import shape

WORDS: Mapping[str, str] = {
    "below": "<", "under": "<", "less than": "<", "lower than": "<", "fewer than": "<",
    "above": ">", "over": ">", "more than": ">", "greater than": ">", "higher than": ">",
    "at most": "<=", "no more than": "<=", "at least": ">=", "no less than": ">=",
    "equal to": "==", "equals": "==", "≤": "<=", "≥": ">=", "=": "==",
}  # fmt: skip
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
UNITS: Mapping[str, float] = {
    "": 1, "%": 0.01, "ms": 0.001, "s": 1, "sec": 1, "seconds": 1, "m": 60, "min": 60,
    "minutes": 60, "h": 3600, "k": 1e3, "kb": 1e3, "mb": 1e6, "gb": 1e9, "ki": 2**10, "mi": 2**20,
    "gi": 2**30, "kib": 2**10, "mib": 2**20, "gib": 2**30,
}  # fmt: skip
SIGN = "|".join(re.escape(each) for each in sorted({*WORDS, *COMPARE}, key=lambda each: -len(each)))
GROUPED = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
"""Thousands set apart, `1,000`: a comma before three digits is no decimal one."""
THRESHOLD = re.compile(
    rf"(?<![A-Za-z<>=!])(?P<sign>{SIGN})\s*(?P<number>{GROUPED}|-?\d+(?:[.,]\d+)?)"
    r"\s*(?P<unit>%|[A-Za-z]+\b)?",
    re.IGNORECASE,
)


@shape.frozen
class Threshold:
    """A comparison with a number."""

    sign: str
    number: float
    percent: bool
    text: str
    unit: str = ""
    """The unit, where it is one that is known."""

    def holds(self, value: float) -> bool:
        """Whether the value is as expected; a share may be counted in parts of a hundred."""
        return COMPARE[self.sign](value, self.number)


def find(text: str) -> Threshold | None:
    """The comparison that the text states; None where it states none, or in a unit unknown."""
    found = THRESHOLD.search(text)
    if found is None:
        return None
    unit = (found["unit"] or "").lower()
    sign = WORDS.get(found["sign"].lower(), found["sign"])
    grouped = re.fullmatch(GROUPED, found["number"])
    number = float(found["number"].replace(",", "" if grouped else "."))
    factor = UNITS.get(unit, 1.0)
    known = unit if unit in UNITS else ""
    return Threshold(sign, number * factor, unit == "%", found[0].strip(), known)


def broken(threshold: Threshold, values: Sequence[float]) -> list[float]:
    """The values that are not as expected."""
    return [value for value in values if not threshold.holds(value)]
