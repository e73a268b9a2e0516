"""Shell words as the arguments a program would get, as far as that is known before it runs.

An argument's `pattern` is its value with a NUL wherever a part is not known: no argument can hold
one. A NUL twice in a row (`MANY`) stands for any number of words, flags among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from midwatch.base import lazy, shape
from midwatch.commands import lookups, masking, model, syntax

HOLE = "\0"
MANY = "\0\0"
HOLES = lazy.pattern(f"(?:{HOLE}|{masking.MASK})+")
OPEN_VALUE = lazy.pattern(r"<[^<>\n]+>")
"""A quoted word that is one placeholder, blanks and all: `'<namespace of the alert>'`."""
QUOTES = frozenset("'\"\\")
"""A value that holds these was meant to be read as shell again, which bash does not do."""
PLAIN = lazy.pattern(r"[A-Za-z0-9_./:=,@%+-]+")
"""A word that means itself, whatever stands around it."""
BRACES = lazy.pattern(
    r"\{(?:[^{}]*,[^{}]*|(?:-?\d+|[A-Za-z])\.\.(?:-?\d+|[A-Za-z])(?:\.\.-?\d+)?)\}"
)
MANY_NAMES = lazy.pattern(
    r"(?:^|_)(?:OPT|OPTION|ARG|ARGUMENT|FLAG|PARAM|PARAMETER)S?(?:$|_)|OPTS$|ARGS$", re.IGNORECASE
)


@shape.frozen
class Argument:
    """One word a program gets: as written, and its value with holes where it is not known."""

    text: str
    pattern: str
    span: model.Span

    @property
    def value(self) -> str | None:
        """The value, where all of it is known."""
        return None if HOLE in self.pattern else self.pattern

    @property
    def many(self) -> bool:
        """Whether it may be any number of words, flags among them."""
        return self.pattern == MANY


@shape.frozen
class Known:
    """What is known of variables at one place: one value, or that there are several."""

    values: Mapping[str, str]
    loose: frozenset[str]
    """Variables of several or computed values that may hold flags or several words."""


def given(words: Iterable[str], span: model.Span) -> list[Argument]:
    """Arguments from plain text, as when a program's own arguments name a command."""
    return [Argument(word, word, span) for word in words]


def arguments(source: str, words: Iterable[syntax.Word], known: Known) -> list[Argument]:
    """The arguments that the words of a simple command become."""
    found: list[Argument] = []
    for word in words:
        text = source[word.span.start : word.span.end]
        parts = word.parts
        first = parts[0] if parts else None
        if len(parts) == 1 and type(first) is syntax.Literal and PLAIN.fullmatch(first.value):
            found.append(Argument(text, first.value, word.span))
            continue
        found += (Argument(text, each, word.span) for each in _expanded(parts, known))
    return found


def text_of(word: syntax.Word, known: Known) -> str:
    """The one text a word gives where nothing is split: an assignment, a here-document."""
    return _joined(word.parts, known)


def _expanded(parts: tuple[syntax.Part, ...], known: Known) -> Iterator[str]:
    if len(parts) == 1:
        part = parts[0]
        if isinstance(part, syntax.Parameter) and not part.quoted:
            yield from _split(part, known)
            return
        if isinstance(part, syntax.Substitution) and not part.quoted:
            yield HOLE if part.process or lookups.names_only(part) else MANY
            return
    if any(isinstance(part, syntax.Parameter) and part.many for part in parts):
        yield MANY
        return
    pattern = _joined(parts, known)
    yield MANY if _spreads(parts, pattern) else pattern


def _spreads(parts: tuple[syntax.Part, ...], pattern: str) -> bool:
    """Whether braces or an unquoted value in front make it several words or a flag."""
    first = parts[0] if parts else None
    if isinstance(first, syntax.Parameter) and not first.quoted and first.name in "@*":
        return True
    if "{" not in pattern or not BRACES.search(pattern):
        return False
    plain = any(
        isinstance(part, syntax.Literal) and not part.quoted and "{" in part.value for part in parts
    )
    return plain and pattern[0] in "{-"


def _split(part: syntax.Parameter, known: Known) -> Iterator[str]:
    """An unquoted `$X`: its value is split at blanks."""
    value = known.values.get(part.name) if part.plain else None
    if value is not None and not QUOTES & set(value):
        yield from value.split()
    elif (
        value is not None
        or part.many
        or (part.plain and (part.name in known.loose or MANY_NAMES.search(part.name)))
    ):
        yield MANY
    else:
        yield HOLE


def _joined(parts: tuple[syntax.Part, ...], known: Known) -> str:
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, syntax.Literal):
            value = part.value
            if "<" in value and part.quoted:
                value = HOLE if OPEN_VALUE.fullmatch(value) else value
                value = masking.QUOTED_ANGLE.sub(HOLE, value)
            pieces.append(value)
        elif isinstance(part, syntax.Parameter) and part.plain:
            pieces.append(known.values.get(part.name, HOLE))
        else:
            pieces.append(HOLE)
    return HOLES.sub(HOLE, "".join(pieces))
