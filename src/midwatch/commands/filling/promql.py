"""Values in PromQL: escaped inside quotes; bare only a number, a duration or a plain name."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import binding, vocabulary
from midwatch.commands.filling import model

STRING = lazy.pattern(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`")
PLAIN = lazy.pattern(r"[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d|w|y)?|[A-Za-z_:][A-Za-z0-9_:]*")
KEYWORDS = vocabulary.of("and or unless by without on ignoring group_left group_right bool offset")


def fill(text: str, holes: Sequence[binding.Hole]) -> model.Filling:
    """The expression with its values, or why that cannot be."""
    strings = list(STRING.finditer(text))
    filled, at = "", 0
    for hole in sorted(holes, key=lambda each: each.start):
        around = next(
            (each[0][0] for each in strings if each.start() < hole.start < each.end()), ""
        )
        reason = _refusal(hole, around)
        if reason:
            return binding.Refused(hole.name, reason)
        filled += text[at : hole.start] + _written(hole.value, around)
        at = hole.end
    filled += text[at:]
    return model.Filled(filled, (filled,), ())


def _refusal(hole: binding.Hole, around: str) -> str:
    if hole.variable:
        return "a secret does not belong into a query"
    if any(ord(each) < ord(" ") for each in hole.value):
        return "it holds a control character"
    if around == "`":
        return "it stands in a raw string, where nothing can be escaped"
    if not around and (not PLAIN.fullmatch(hole.value) or hole.value.lower() in KEYWORDS):
        return "a number, a duration or a plain name is wanted there"
    return ""


def _written(value: str, around: str) -> str:
    if not around:
        return value
    return value.replace("\\", "\\\\").replace(around, "\\" + around)
