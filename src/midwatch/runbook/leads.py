"""Lead-ins: the bold words, short headings and list items that say what follows is for."""

from __future__ import annotations

import functools
import re

from midwatch.base import lazy, shape
from midwatch.runbook import inline, passages, vocabulary

BARE = lazy.pattern(r"[^\w]{0,4}([A-Z][\w /&'()<>~0-9-]{1,60}?)[ \t]*:(?=\s|$)")
EMPHASIS = lazy.pattern(r"(\*|_)(?=\S)([^*_\n]{2,60}?)(?<=\S)\1[ \t]*(:?)[ \t]*$")
SENTENCE = 60
ADMONITIONS = lazy.pattern(
    r"[^\w`]{0,6}(?:important(?: note)?|warning|caution|danger"
    r"|note|nb|attention|tip|critical|info|hint)"
    r"(?:\s*(?:[:!]|[\u2013\u2014-]\s|\*\*|__)|\]|\s*$)"
    r"|[\u26a0\U0001f6a8\u2757\u2755\u26d4\U0001f6d1]",
    re.IGNORECASE,
)


@shape.frozen
class Lead:
    """A lead-in: its words, what it is for, and where what follows it on the line begins."""

    title: str
    role: vocabulary.Role | None
    end: int
    rest: str
    """What follows it in the same paragraph."""


def find(passage: passages.Passage) -> Lead | None:
    """The lead-in that a paragraph begins with, if it begins with one."""
    if passage.shape is not passages.Shape.PARAGRAPH:
        return None
    return read(passage.text)


@functools.lru_cache(maxsize=2048)
def read(text: str) -> Lead | None:
    """The lead-in that a text begins with."""
    bold = inline.bold(text)
    if bold is not None:
        rest = text[bold.end :].strip()
        if not bold.colon and rest and not _aside(rest):
            return None
        if len(bold.title) > SENTENCE and not bold.colon:
            return None
        title = inline.plain(bold.title)
        return Lead(title, vocabulary.role(title), bold.end, rest)
    return _plain(text)


def _aside(rest: str) -> bool:
    """Whether what follows a bold title only remarks on it: `(Day before)`, an em dash."""
    return bool(re.fullmatch(r"\([^()]*\)[\s:.]*", rest))


def _plain(text: str) -> Lead | None:
    """A lead-in without bold counts only where the vocabulary knows it."""
    emphasis = EMPHASIS.match(text)
    if emphasis:
        title = emphasis.group(2).rstrip(": ")
        return Lead(title, vocabulary.role(title), len(text), "")
    match = BARE.match(text)
    if match is None:
        return None
    role = vocabulary.role(match.group(1))
    if role is None:
        return None
    return Lead(match.group(1).strip(), role, match.end(), text[match.end() :].strip())


def is_admonition(text: str) -> bool:
    """Whether a paragraph is a caution: `**⚠️ IMPORTANT**: …`, `> Note: …`, `[!WARNING]`."""
    return bool(ADMONITIONS.match(text.lstrip("*_[!> \t")))
