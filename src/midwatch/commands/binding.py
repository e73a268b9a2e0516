"""Puts values into shell text by their place in it: a value never becomes program text.

Each value is written as the quotes around it demand. The text is then parsed with and without the
values, and both must be the same program, word for word; otherwise the step is refused. Where a
value would be read by another program as its own language (`bash -c`, SQL, a here-document), only
values that mean nothing in any language go in.
"""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from midwatch.commands import binding_rules, quoting, shell
from midwatch.commands.quoting import Quotes


@dataclasses.dataclass(frozen=True, slots=True)
class Hole:
    """A place in the text, and what goes in: a value, or a variable that holds a secret one."""

    start: int
    end: int
    name: str
    value: str
    variable: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Bound:
    """The text with its values."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """A value that cannot go where it should, and why."""

    name: str
    reason: str


Binding: TypeAlias = Bound | Refused
TOKEN = "midwatchhole{}x"  # noqa: S105  (a word that stands for a value)
DOUBLE = re.compile(r'([\\"$`])')
HEREDOC = re.compile(r"([\\$`])")


def bind(text: str, holes: Sequence[Hole]) -> Binding:
    """The text with every value in its place, or why that cannot be."""
    holes = sorted(holes, key=lambda hole: hole.start)
    for hole in holes:
        reason = binding_rules.never(hole.value)
        if reason:
            return Refused(hole.name, reason)
    masked, places = _masked(text, holes)
    parsed = shell.parse(masked)
    if parsed.problem:
        name = holes[0].name if holes else ""
        return Refused(name, f"the step cannot be read as shell ({parsed.problem.message})")
    quotes = quoting.around(masked, places)
    tokens = {TOKEN.format(number): hole.value for number, hole in enumerate(holes)}
    written: list[str] = []
    for number, (hole, place) in enumerate(zip(holes, places, strict=True)):
        token = TOKEN.format(number)
        found = quotes.get(place, Quotes.PARAMETER)
        if found is Quotes.COMMENT:
            written.append(text[hole.start : hole.end])
            continue
        uses = binding_rules.uses(parsed, token)
        reason = binding_rules.refusal(hole.value, found, uses)
        if reason:
            return Refused(hole.name, reason)
        if hole.variable is None and any(use.in_url for use in uses):
            tokens[token] = urllib.parse.quote(hole.value, safe="-_.~")
        try:
            written.append(_write(tokens[token], hole.variable, found))
        except LookupError:
            return Refused(hole.name, "a secret cannot stand at this place without being written")
    bound = _spliced(text, holes, written)
    variables = {hole.variable: _secret_token(hole.variable) for hole in holes if hole.variable}
    secret = {
        TOKEN.format(number): variables[hole.variable]
        for number, hole in enumerate(holes)
        if hole.variable
    }
    return _verified(bound, masked, {**tokens, **secret}, variables)


def _secret_token(variable: str) -> str:
    return f"midwatchsecret-{variable}"


def _masked(text: str, holes: Sequence[Hole]) -> tuple[str, list[int]]:
    pieces, places, last, length = [], [], 0, 0
    for number, hole in enumerate(holes):
        pieces.append(text[last : hole.start])
        length += hole.start - last
        places.append(length)
        pieces.append(TOKEN.format(number))
        length += len(pieces[-1])
        last = hole.end
    return "".join([*pieces, text[last:]]), places


def _spliced(text: str, holes: Sequence[Hole], written: Sequence[str]) -> str:
    pieces, last = [], 0
    for hole, value in zip(holes, written, strict=True):
        pieces += [text[last : hole.start], value]
        last = hole.end
    return "".join([*pieces, text[last:]])


PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,-]+")


def _write(value: str, variable: str | None, quotes: Quotes) -> str:
    """The value as it must be written between these quotes."""
    if variable is not None:
        return SECRET[quotes].format(variable)
    match quotes:
        case Quotes.BARE:
            plain = PLAIN.fullmatch(value)
            return value if plain else "'" + value.replace("'", "'\\''") + "'"
        case Quotes.DOUBLE:
            return DOUBLE.sub(r"\\\1", value)
        case Quotes.SINGLE:
            return value.replace("'", "'\\''")
        case Quotes.ANSI:
            return value.replace("\\", "\\\\").replace("'", "\\'")
        case Quotes.HEREDOC:
            return HEREDOC.sub(r"\\\1", value)
        case _:
            return value


SECRET: Mapping[Quotes, str] = {
    Quotes.BARE: '"${{{}}}"',
    Quotes.DOUBLE: "${{{}}}",
    Quotes.SINGLE: "'\"${{{}}}\"'",
    Quotes.HEREDOC: "${{{}}}",
}


def _verified(
    bound: str, masked: str, tokens: Mapping[str, str], variables: Mapping[str, str]
) -> Binding:
    """Both texts must be the same program; what cannot be compared cannot be bound."""
    with_tokens, with_values = shell.parse_many([masked, bound])
    expected = binding_rules.shape(with_tokens.statements, tokens, {})
    actual = binding_rules.shape(with_values.statements, {}, variables)
    if with_values.problem or expected != actual:
        return Refused("", "with these values the step would be another program")
    return Bound(bound)


def variable_refusal(text: str, name: str, value: str) -> str:
    """Why this value may not reach the text as that variable; nothing where it may."""
    reason = binding_rules.never(value)
    if reason or binding_rules.TAME.fullmatch(value):
        return reason
    return binding_rules.variable_refusal(shell.parse(text), name)
