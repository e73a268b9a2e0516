"""Puts values into shell text by their place in it: a value never becomes program text.

Each value is written as the quotes around it demand. The text is then parsed with and without the
values, and both must be the same program, word for word; otherwise the step is refused. Where a
value would be read by another program as its own language (`bash -c`, SQL, a here-document), only
values that mean nothing in any language go in.
"""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from midwatch.base import lazy
from midwatch.commands import binding_rules, quoting, shell, syntax
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
    unreadable: bool = False
    """No value is to blame: the text itself is no shell."""


Binding: TypeAlias = Bound | Refused
TOKEN = "midwatchhole{}x"  # noqa: S105  (a word that stands for a value)
DOUBLE = lazy.pattern(r'([\\"$`])')
HEREDOC = lazy.pattern(r"([\\$`])")


def bind(text: str, holes: Sequence[Hole]) -> Binding:
    """The text with every value in its place, or why that cannot be."""
    return bind_many([(text, holes)])[0]


def bind_many(wanted: Sequence[tuple[str, Sequence[Hole]]]) -> list[Binding]:
    """Many texts with their values, with as few parser processes as can be."""
    drafts = [_draft(text, holes) for text, holes in wanted]
    parsed = shell.parse_many([draft.masked for draft in drafts])
    written = [_written(draft, read) for draft, read in zip(drafts, parsed, strict=True)]
    texts = [each.text if isinstance(each, _Written) else "" for each in written]
    again = shell.parse_many(texts)
    return [
        each if isinstance(each, Refused) else _verified(each, before, after)
        for each, before, after in zip(written, parsed, again, strict=True)
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class _Draft:
    """A text with words in place of its values."""

    text: str
    holes: tuple[Hole, ...]
    masked: str
    places: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    """A text with its values, and what its words should be."""

    text: str
    tokens: Mapping[str, str]
    variables: Mapping[str, str]


def _draft(text: str, given: Sequence[Hole]) -> _Draft:
    holes = tuple(sorted(given, key=lambda hole: hole.start))
    masked, places = _masked(text, holes)
    return _Draft(text, holes, masked, tuple(places))


def _written(draft: _Draft, parsed: syntax.Parsed) -> _Written | Refused:
    holes = draft.holes
    for hole in holes:
        reason = binding_rules.never(hole.value)
        if reason:
            return Refused(hole.name, reason)
    if parsed.problem:
        name = holes[0].name if holes else ""
        reason = f"the step cannot be read as shell ({parsed.problem.message})"
        return Refused(name, reason, unreadable=True)
    quotes = quoting.around(draft.masked, draft.places)
    tokens: dict[str, str] = {}
    texts: list[str] = []
    for number, hole in enumerate(holes):
        token = TOKEN.format(number)
        where = quotes.get(draft.places[number], Quotes.PARAMETER)
        if where is Quotes.COMMENT:
            texts.append(draft.text[hole.start : hole.end])
            continue
        uses = binding_rules.uses(parsed, token)
        reason = binding_rules.refusal(hole.value, where, uses)
        if reason:
            return Refused(hole.name, reason)
        if hole.variable is not None and where not in SECRET:
            return Refused(hole.name, "a secret cannot stand at this place without being written")
        tokens[token] = _meant(hole, uses)
        texts.append(_write(tokens[token], hole.variable, where))
    variables = {hole.variable: _secret_token(hole.variable) for hole in holes if hole.variable}
    return _Written(_spliced(draft.text, holes, texts), tokens, variables)


def _meant(hole: Hole, uses: Sequence[binding_rules.Use]) -> str:
    """What the word should hold: the value, in a URL encoded; of a secret its variable."""
    if hole.variable is not None:
        return _secret_token(hole.variable)
    if any(use.in_url for use in uses):
        return urllib.parse.quote(hole.value, safe="-_.~")
    return hole.value


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


PLAIN = lazy.pattern(r"[A-Za-z0-9_./:@%+=,-]+")


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


def _verified(written: _Written, before: syntax.Parsed, after: syntax.Parsed) -> Binding:
    """Both texts must be the same program; what cannot be compared cannot be bound."""
    expected = binding_rules.shape(before.statements, written.tokens, {})
    actual = binding_rules.shape(after.statements, {}, written.variables)
    if after.problem or expected != actual:
        return Refused("", "with these values the step would be another program")
    return Bound(written.text)


def variable_refusal(text: str, name: str, value: str) -> str:
    """Why this value may not reach the text as that variable; nothing where it may."""
    reason = binding_rules.never(value)
    if reason or binding_rules.TAME.fullmatch(value):
        return reason
    return binding_rules.variable_refusal(shell.parse(text), name)
