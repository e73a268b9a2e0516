"""Values in SQL: each becomes a parameter of the statement, or it is refused.

A value inside `'…'` takes the whole literal with it, so `'%<name>%'` is one parameter. The name of
a table cannot be a parameter: only a plain word may stand where a name is wanted.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import binding, vocabulary
from midwatch.commands.filling import model

TOKENS = lazy.pattern(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$""", re.DOTALL
)
NAMED = lazy.pattern(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|INDEX|VIEW|ANALYZE|VACUUM|REINDEX|DATABASE|SCHEMA|ROLE|USER)"
    r"\s+(?:(?:ONLY|CONCURRENTLY|IF\s+EXISTS)\s+)*$",
    re.IGNORECASE,
)
NAME = lazy.pattern(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?")
WHOLE = lazy.pattern(r"-?(?:0|[1-9][0-9]{0,17})")
KEYWORDS = vocabulary.of(
    """
    ALL AND AS BY CASE CROSS DELETE DROP EXISTS FALSE FOR FROM FULL GROUP HAVING IF IN INNER INSERT
    INTO IS JOIN LATERAL LEFT LIKE LIMIT NATURAL NOT NULL ON ONLY OR ORDER OUTER RIGHT SELECT SET
    TABLE TRUE UNION UPDATE USING VALUES WHERE WITH
    """
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    """Where a parameter or a name goes: a whole literal, or a hole by itself."""

    start: int
    end: int
    shown: str
    parameter: model.Parameter | None


def fill(text: str, holes: Sequence[binding.Hole]) -> model.Filling:
    """The statement with every value as a parameter, or why that cannot be."""
    places: list[_Place] = []
    for token in TOKENS.finditer(text):
        inside = [hole for hole in holes if token.start() <= hole.start < token.end()]
        if not inside or token[0].startswith(("--", "/*")):
            continue
        found = _literal(text, token, inside)
        if isinstance(found, binding.Refused):
            return found
        places.append(found)
    for hole in holes:
        if any(token.start() <= hole.start < token.end() for token in TOKENS.finditer(text)):
            continue
        bare = _bare(text, hole)
        if isinstance(bare, binding.Refused):
            return bare
        places.append(bare)
    return _filled(text, sorted(places, key=lambda place: place.start))


def _literal(
    text: str, token: re.Match[str], inside: Sequence[binding.Hole]
) -> _Place | binding.Refused:
    """A quoted text with holes in it becomes one parameter."""
    name = inside[0].name
    if not token[0].startswith("'"):
        return binding.Refused(name, "it stands inside quotes that name something")
    if "\\" in token[0] or re.search(r"(?:\w|&)$", text[: token.start()]):
        return binding.Refused(name, "it stands in a literal with rules of its own")
    secret = [hole for hole in inside if hole.variable]
    if secret and (len(inside) > 1 or _length(token) != inside[0].end - inside[0].start + 2):
        return binding.Refused(name, "a secret can only be a whole literal")
    if any("\0" in hole.value for hole in inside):
        return binding.Refused(name, "it holds a NUL")
    if secret:
        parameter = model.Parameter(variable=secret[0].variable)
        return _Place(token.start(), token.end(), f"'{model.MASK}'", parameter)
    value, at = "", token.start() + 1
    for hole in sorted(inside, key=lambda each: each.start):
        value += text[at : hole.start].replace("''", "'") + hole.value
        at = hole.end
    value += text[at : token.end() - 1].replace("''", "'")
    return _Place(token.start(), token.end(), _quoted(value), model.Parameter(value))


def _length(token: re.Match[str]) -> int:
    return token.end() - token.start()


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _bare(text: str, hole: binding.Hole) -> _Place | binding.Refused:
    """A hole by itself: a name where a name is wanted, else a parameter."""
    before, after = text[: hole.start], text[hole.end :]
    if re.search(r"[\w.$@\"`]$", before) or re.match(r"[\w.$@\"`(]", after):
        return binding.Refused(hole.name, "it is only a part of a word there")
    if "\0" in hole.value:
        return binding.Refused(hole.name, "it holds a NUL")
    if NAMED.search(before):
        if hole.variable or not NAME.fullmatch(hole.value) or hole.value.upper() in KEYWORDS:
            return binding.Refused(hole.name, "a name is wanted there, and it is no plain one")
        return _Place(hole.start, hole.end, hole.value, None)
    if hole.variable:
        return _Place(hole.start, hole.end, model.MASK, model.Parameter(variable=hole.variable))
    if WHOLE.fullmatch(hole.value):
        return _Place(hole.start, hole.end, hole.value, model.Parameter(int(hole.value)))
    return _Place(hole.start, hole.end, _quoted(hole.value), model.Parameter(hole.value))


def _filled(text: str, places: Sequence[_Place]) -> model.Filled:
    shown, at = "", 0
    pieces, parameters = [""], []
    for place in places:
        shown += text[at : place.start] + place.shown
        pieces[-1] += text[at : place.start]
        if place.parameter is None:
            pieces[-1] += place.shown
        else:
            parameters.append(place.parameter)
            pieces.append("")
        at = place.end
    pieces[-1] += text[at:]
    return model.Filled(shown + text[at:], tuple(pieces), tuple(parameters))
