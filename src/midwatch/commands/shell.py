"""Shell text parsed by shfmt: many texts in one process, byte offsets turned into characters."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import Any

from midwatch.base import lazy, shape
from midwatch.commands import lately, model, shfmt, syntax, tree

BATCH = 60_000
"""Characters a batch may hold: shfmt answers with forty times as many."""
LONGEST = 400_000
"""A longer text is not read at all: nobody wrote it by hand."""
DEEPEST = 150
"""More brackets within brackets than this are not read."""
SEPARATOR = "midwatch_separator_{}"
MOST_REPAIRS = 20
UNREADABLE = lazy.pattern("[\x00\ud800-\udfff]")


def parse(text: str) -> syntax.Parsed:
    """One text as statements."""
    return parse_many([text])[0]


def parse_many(texts: Sequence[str]) -> list[syntax.Parsed]:
    """Many texts as statements, with as few processes as can be; none for those parsed lately."""
    known = {text: _lately().find(text) for text in dict.fromkeys(texts)}
    new = [text for text, found in known.items() if found is None]
    for text, parsed in zip(new, _parse_all(new), strict=True):
        known[text] = parsed
        _lately().keep(text, parsed, text)
    return [found for text in texts if (found := known[text]) is not None]


@functools.cache
def _lately() -> lately.Lately[str, syntax.Parsed]:
    return lately.Lately()


def _parse_all(texts: Sequence[str]) -> list[syntax.Parsed]:
    done: dict[int, syntax.Parsed] = {}
    batch: list[int] = []
    size = 0
    for index, text in enumerate(texts):
        refused = _refused(text)
        if refused:
            done[index] = refused
            continue
        if batch and size + len(text) > BATCH:
            _parse_batch(texts, batch, done)
            batch, size = [], 0
        batch.append(index)
        size += len(text)
    _parse_batch(texts, batch, done)
    return [done[index] for index in range(len(texts))]


def _refused(text: str) -> syntax.Parsed | None:
    if len(text) > LONGEST:
        return _unparsed(text, f"the text is too long to be read ({len(text):,} characters)")
    if UNREADABLE.search(text):
        return _unparsed(text, "the text holds bytes that are no characters")
    if text.count("(") > DEEPEST and _depth(text) > DEEPEST:
        return _unparsed(text, "it is nested too deeply to be read")
    return None if text.strip() else syntax.Parsed(text, ())


def _depth(text: str) -> int:
    steps = ({"(": 1, ")": -1}.get(character, 0) for character in text)
    return max(itertools.accumulate(steps), default=0)


def _parse_batch(
    texts: Sequence[str], indexes: Sequence[int], done: dict[int, syntax.Parsed]
) -> None:
    """Parse several texts at once; where one breaks the batch, parse it and its sides apart."""
    if not indexes:
        return
    if len(indexes) == 1:
        done[indexes[0]] = _parse_alone(texts[indexes[0]])
        return
    joined = _join([texts[index] for index in indexes])
    answer = shfmt.syntax_tree(joined.text)
    failed = len(indexes) // 2
    if not isinstance(answer, shfmt.Failure):
        parsed = _split(joined, answer)
        if parsed is not None:
            done.update(zip(indexes, parsed, strict=True))
            return
    else:
        failed = joined.block_at(answer.line)
    _parse_batch(texts, indexes[:failed], done)
    _parse_batch(texts, indexes[failed : failed + 1], done)
    _parse_batch(texts, indexes[failed + 1 :], done)


@shape.frozen
class _Joined:
    """Texts with a separator statement after each, and where each begins (characters)."""

    text: str
    texts: tuple[str, ...]
    starts: tuple[int, ...]

    def block_at(self, line: int) -> int:
        starts = itertools.accumulate((text.count("\n") + 3 for text in self.texts), initial=1)
        later = sum(1 for start in starts if start <= line)
        return min(max(later - 1, 0), len(self.texts) - 1)


def _join(texts: Sequence[str]) -> _Joined:
    pieces: list[str] = []
    starts: list[int] = []
    position = 0
    for number, text in enumerate(texts):
        piece = f"{text}\n\n{SEPARATOR.format(number)}\n"
        starts.append(position)
        position += len(piece)
        pieces.append(piece)
    return _Joined("".join(pieces), tuple(texts), tuple(starts))


def _split(joined: _Joined, answer: tree.Json) -> list[syntax.Parsed] | None:
    """Each text's own statements; None when a separator was swallowed."""
    at = _characters(joined.text)
    places = [
        start + len(text) + 2 for start, text in zip(joined.starts, joined.texts, strict=True)
    ]
    groups: list[list[Any]] = [[] for _ in joined.texts]
    number = 0
    for statement in answer.get("Stmts") or ():
        start = at(statement["Pos"]["Offset"])
        if number < len(places) and start == places[number]:
            words = (statement.get("Cmd") or {}).get("Args") or []
            parts = words[0].get("Parts", []) if len(words) == 1 else []
            if [part.get("Value") for part in parts] != [SEPARATOR.format(number)]:
                return None
            number += 1
        elif number >= len(places) or start > places[number]:
            return None
        else:
            groups[number].append(statement)
    if number != len(places):
        return None
    comments = sorted(tree.comments(answer), key=lambda each: int(each["Hash"]["Offset"]))
    return [
        _convert(text, group, comments, functools.partial(_shifted, at, start))
        for text, group, start in zip(joined.texts, groups, joined.starts, strict=True)
    ]


def _shifted(at: tree.At, start: int, offset: int) -> int:
    return at(offset) - start


def _convert(
    text: str, statements: Sequence[Any], comments: Sequence[Any], at: tree.At
) -> syntax.Parsed:
    try:
        found = tree.Converter(at).text(statements)
    except RecursionError:
        return _unparsed(text, "it is nested too deeply to be read")
    notes = [(at(each["Hash"]["Offset"]), each.get("Text", "")) for each in comments]
    return syntax.Parsed(
        text=text,
        statements=found,
        comments=tuple(
            _comment(text, start, note) for start, note in notes if 0 <= start < len(text)
        ),
    )


def _comment(text: str, start: int, note: str) -> model.Comment:
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return model.Comment(
        note.strip(), model.Span(start, start + 1 + len(note)), own_line=not before.strip()
    )


def _parse_alone(text: str) -> syntax.Parsed:
    answer = shfmt.syntax_tree(text)
    if not isinstance(answer, shfmt.Failure):
        return _convert(
            text, answer.get("Stmts") or (), list(tree.comments(answer)), _characters(text)
        )
    return _repair(text, answer)


def _repair(text: str, failure: shfmt.Failure) -> syntax.Parsed:
    """Keep what parses: cut out the line that shfmt stumbled over, and go on behind it."""
    lines = text.splitlines(keepends=True)
    starts = list(itertools.accumulate((len(line) for line in lines), initial=0))
    bad = min(max(failure.line, 1), len(lines)) - 1
    span = model.Span(starts[bad], starts[bad] + len(lines[bad].rstrip("\n")))
    problem = model.Problem(f"this is not shell: {failure.message}", span)
    pieces: list[syntax.Parsed] = []
    first, last = 0, bad
    for _ in range(MOST_REPAIRS):
        piece = "".join(lines[first:last])
        answer = shfmt.syntax_tree(piece) if piece.strip() else tree.Json()
        if isinstance(answer, shfmt.Failure):
            last = first + min(max(answer.line, 1), last - first) - 1
            failure = answer
            continue
        pieces.append(_moved(text, piece, starts[first], answer))
        if last >= len(lines):
            return _assembled(text, pieces, problem)
        pieces.append(_bad_line(text, starts[last], lines[last], failure.message))
        first, last = last + 1, len(lines)
    rest = text[starts[first] :]
    pieces.append(_bad_line(text, starts[first], rest, failure.message))
    return _assembled(text, pieces, problem)


def _moved(text: str, piece: str, start: int, answer: tree.Json) -> syntax.Parsed:
    characters = _characters(piece)
    comments = list(tree.comments(answer))
    at = functools.partial(_shifted, characters, -start)
    return _convert(text, answer.get("Stmts") or (), comments, at)


def _bad_line(text: str, start: int, line: str, message: str) -> syntax.Parsed:
    if not line.strip():
        return syntax.Parsed(text, ())
    span = model.Span(start, start + len(line.rstrip("\n")))
    return syntax.Parsed(text, (syntax.Statement(syntax.Unparsed(message), (), span),))


def _assembled(text: str, pieces: Sequence[syntax.Parsed], problem: model.Problem) -> syntax.Parsed:
    return syntax.Parsed(
        text=text,
        statements=tuple(each for piece in pieces for each in piece.statements),
        comments=tuple(each for piece in pieces for each in piece.comments),
        problem=problem,
    )


def _unparsed(text: str, message: str) -> syntax.Parsed:
    span = model.Span(0, len(text))
    statement = syntax.Statement(syntax.Unparsed(message), (), span)
    return syntax.Parsed(text, (statement,), problem=model.Problem(message, span))


def _characters(text: str) -> tree.At:
    """Byte offsets of the text's UTF-8 as character offsets."""
    if text.isascii():
        return int
    offsets: list[int] = []
    for index, character in enumerate(text):
        offsets += [index] * len(character.encode())
    offsets.append(len(text))
    last = len(offsets) - 1
    return lambda offset: offsets[min(offset, last)]
