"""The shell text of a document as sentences: one command line each, with what is quoted masked."""

from __future__ import annotations

import bisect
import dataclasses
import functools
import itertools
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

OPAQUE = lazy.pattern(
    r"(?P<continued>\\\n)"
    r"|(?P<escaped>\\.)"
    r"|(?P<quoted>'[^']*'|\"(?:\\.|[^\"\\])*\")"
    r"|(?P<comment>(?:^|(?<=[\s;]))\#[^\n]*)"
    r"|<<-?[ \t]*(?P<mark>['\"]?)(?P<word>\w+)(?P=mark)(?P<rest>[^\n]*\n)"
    r"(?P<body>(?:[^\n]*\n)*?)(?P<end>[ \t]*(?P=word)[ \t]*$)"
    r"|(?P<placeholder><-{0,2}[A-Za-z][\w .:/|-]*>|\[[A-Za-z][\w -]*\](?!\]))",
    re.MULTILINE | re.DOTALL,
)
HEREDOC = lazy.pattern(r"<<-?[ \t]*['\"]?\w+['\"]?")
PROMPT = lazy.pattern(r"^[ \t]*(?:[\w.-]*@?[\w.:~/-]*|\[[^\]\n]*\])[$%#>][ \t]+(?=\S)")
STEP = lazy.pattern(r"&&|\|\||[;|&\n]")
HELD = "\v"
"""Stands for a line break that does not end the command."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """One command line: its text as written, and the same with quoted text masked by `_`."""

    line: int
    end_line: int
    column: int
    text: str
    bare: str
    """As long as `text`; what is quoted, a placeholder or a here-document's body is `_`."""
    comment: str
    """The comment lines right above it."""
    words: str
    """The command on one line, as a person would say it, without here-documents."""


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block's text, before it has its place in the file."""

    start: int
    text: str
    bare: str
    comment: str
    words: str


def of_block(subject: model.Subject, block: runbooks.Block) -> Iterator[Sentence]:
    """The command lines of a block."""
    lines = facts.block_lines(subject, block)
    if not lines:
        return
    text = "\n".join(line for _, line in lines)
    starts = list(itertools.accumulate((len(line) + 1 for _, line in lines), initial=0))
    for piece in pieces(text):
        first = bisect.bisect_right(starts, piece.start) - 1
        last = first + piece.text.count("\n")
        yield Sentence(
            line=lines[first][0],
            end_line=lines[min(last, len(lines) - 1)][0],
            column=piece.start - starts[first] + 1,
            text=piece.text,
            bare=piece.bare,
            comment=piece.comment,
            words=piece.words,
        )


@functools.lru_cache(maxsize=4)
def read(
    subject: model.Subject,
) -> tuple[tuple[runbooks.Block, tuple[Sentence, ...]], ...]:
    """Every shell block with its command lines."""
    return tuple(
        (block, tuple(of_block(subject, block)))
        for block in facts.shell_blocks(subject)
        if block.role not in {"output", "example"}
    )


def blocks(
    subject: model.Subject, *words: str
) -> Iterator[tuple[runbooks.Block, tuple[Sentence, ...]]]:
    """The shell blocks that hold one of the words, with all their command lines."""
    for block, sentences in read(subject):
        if any(word in block.text for word in words):
            yield block, sentences


def every(subject: model.Subject, *words: str) -> Iterator[Sentence]:
    """Every command line of the document's shell blocks, or those that hold one of the words."""
    for _, sentences in blocks(subject, *words) if words else read(subject):
        for sentence in sentences:
            if not words or any(word in sentence.text for word in words):
                yield sentence


@functools.lru_cache(maxsize=512)
def pieces(whole: str) -> tuple[Piece, ...]:
    """The command lines of shell text; comments and empty lines are none."""
    bare = OPAQUE.sub(masked, whole)
    found: list[Piece] = []
    start = 0
    comment: list[str] = []
    for line in bare.split("\n"):
        written = whole[start : start + len(line)]
        body = line.strip(" \t" + HELD)
        if body:
            indent = len(line) - len(line.lstrip(" \t" + HELD))
            prompt = PROMPT.match(line)
            indent = prompt.end() if prompt else indent
            text = written[indent:]
            found.append(
                Piece(start + indent, text, line[indent:], "\n".join(comment), spoken(text))
            )
            comment = []
        elif written.strip().startswith("#"):
            comment.append(written.strip().lstrip("# "))
        else:
            comment = []
        start += len(line) + 1
    return tuple(found)


def spoken(text: str) -> str:
    """A command on one line, as a person would say it, without here-documents."""
    opened = HEREDOC.search(text) if "<<" in text else None
    if opened and "\n" in text[opened.end() :]:
        text = text[: text.index("\n", opened.end())]
    return " ".join(text.replace("\\\n", " ").split())


def masked(match: re.Match[str]) -> str:
    """What stands in place of a quoted text: as long, and without anything that means anything."""
    whole = match.group()
    if match["continued"]:
        return " " + HELD
    if match["comment"]:
        return " " * len(whole)
    if match["body"] is not None:
        opening = HEREDOC.match(whole)
        head = len(opening.group()) if opening else 0
        rest = OPAQUE.sub(masked, whole[head : head + len(match["rest"])])
        below = whole[head + len(match["rest"]) :]
        return "_" * head + rest.replace("\n", HELD) + hidden(below)
    return hidden(whole)


def hidden(text: str) -> str:
    """The same length of `_`, with the line breaks held."""
    return "".join(HELD if character == "\n" else "_" for character in text)


def hit(
    sentence: Sentence, message: str, *, at: int = 0, length: int = 0, fix: str = "", why: str = ""
) -> model.Hit:
    """What is told of a command line, or of a part of it."""
    before = sentence.text[:at]
    broken = before.rfind("\n")
    column = at - broken if broken >= 0 else sentence.column + at
    line = sentence.line + before.count("\n")
    return model.Hit(
        line,
        message,
        why=why,
        fix=fix,
        column=column,
        end_line=line if length else sentence.end_line,
        end_column=column + length if length else 0,
    )
