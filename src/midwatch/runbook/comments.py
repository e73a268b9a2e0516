"""What the comments of a block say: titles, alternatives, places, expectations, instructions."""

from __future__ import annotations

import enum
import re

from midwatch.base import lazy, shape
from midwatch.runbook import commandlines, contexts, languages, leads, placing, vocabulary

EXPECTED = lazy.pattern(
    r"(?:(?:[\w./'-]+ ){0,4}should (?:now )?"
    r"(?:output|return|show|print|be|display|have|list|report)\b|"
    r"(?:this |it |you |output )?(?:should|must|will) (?:now )?(?:output"
    r"|return|show|print|see|say|be|display|respond|have"
    r"|list|report|look)\b|"
    r"expect(?:ed|s|ing)?\b(?:\s+(?:output|result|results"
    r"|response|value))?|(?:sample |example )?output\b|returns\b"
    r"|=>|\u2192|-> )\s*(?:is|like|similar to|something like)?\s*:?\s*",
    re.IGNORECASE,
)
OUTPUT = lazy.pattern(r"\b(?:output|prints?|returns?)\b[^:]*:\s*$", re.IGNORECASE)
SUBJECT = lazy.pattern(
    r"(?:this|it|you|output|should|must|will|expect|sample|example|returns|\W)", re.IGNORECASE
)
NUMBER = lazy.pattern(
    r"\s*(?:(?:step|phase)\s+)?\d+(?:\.\d+)*[.):]\s+|\s*step\s+\d+\s*[-\u2013\u2014]\s*",
    re.IGNORECASE,
)
PHRASE = 3
"""Fewer words than this that begin with a verb are an instruction: "restart nginx"."""
BANNER = lazy.pattern(r"[\s=\-#*_~+|.\u2500\u2550]*$")
BULLET = lazy.pattern(r"\s*[-*\u2022]\s+|\s{2,}")
DIRECTIVE = lazy.pattern(r"\s*(?:shellcheck\s|!|vim:|-\*-|type:|noqa)")
OPTION = lazy.pattern(
    r"(?:option|method|approach|alternative|variant)\s+(?:\d+|[a-z])\b\s*[:.)-]?\s*", re.IGNORECASE
)


class Meaning(enum.Enum):
    """What one comment is for."""

    TITLE = "title"
    OR = "or"
    OPTION = "option"
    PLACE = "place"
    HOME = "home"
    EXPECTED = "expected"
    COMMAND = "command"
    CAUTION = "caution"
    DETAIL = "detail"
    NOTHING = "nothing"


@shape.frozen
class Remark:
    """One comment line, and what it is for."""

    line: int
    text: str
    """Its words, without marks and numbers."""
    meaning: Meaning
    raw: str = ""
    """As written after the mark."""
    start: int = 0
    """Its offset in the excerpt."""


def read(line: int, text: str, *, inside: bool, start: int = 0) -> Remark:
    """What a comment is for; `inside` where the reader has been moved to another place."""
    bare = text.strip()
    words = unnumbered(bare).strip("=-# ").strip()
    return Remark(line, _text(words), _meaning(text, bare, words, inside=inside), text, start)


def unnumbered(text: str) -> str:
    """The text without the number of its step."""
    match = NUMBER.match(text)
    return text[match.end() :].strip() if match else text.strip()


def _text(words: str) -> str:
    return words.rstrip(":").strip()


def _meaning(text: str, bare: str, words: str, *, inside: bool) -> Meaning:
    if not words or BANNER.match(bare) or DIRECTIVE.match(text):
        return Meaning.NOTHING
    if contexts.is_home(words):
        return Meaning.HOME
    if contexts.read(words):
        return Meaning.PLACE
    if placing.OR.match(words) or re.match(r"or\s+[a-z]", words, re.IGNORECASE):
        return Meaning.OR
    if OPTION.match(words):
        return Meaning.OPTION
    if EXPECTED.match(words) and not vocabulary.imperative(words):
        return Meaning.EXPECTED
    if is_command(bare, inside=inside):
        return Meaning.COMMAND
    if leads.is_admonition(words):
        return Meaning.CAUTION
    if BULLET.match(text[1:] if text[:1] == " " else text):
        return Meaning.DETAIL
    return Meaning.TITLE


def is_command(text: str, *, inside: bool) -> bool:
    """Whether a comment is a command somebody took out of the flow."""
    if inside and (languages.SQL.match(text) or text.rstrip().endswith(";")):
        return True
    if text[:1].isupper() or text.endswith((".", ":")) or " " not in text:
        return inside and commandlines.sure(text) and not text[:1].isupper()
    plain = len(text.split()) < PHRASE and vocabulary.imperative(text)
    return commandlines.sure(text) and not plain


def option(text: str) -> str:
    """The name of an alternative: "Or via Git" is called "via Git"."""
    match = re.match(
        r"(?:or(?: else)?|alternatively|alternative|instead)\b[\s,:]*(?P<name>.*)",
        text,
        re.IGNORECASE,
    )
    name = match.group("name") if match else OPTION.sub("", text)
    return placing.brief(name or text)


def expectation(text: str) -> str:
    """What a comment says will be seen: the words after `Should output:`, or all of them."""
    match = EXPECTED.match(text)
    if match is None or not SUBJECT.match(match.group()):
        return text
    return text[match.end() :].strip() or text


def is_output(text: str) -> bool:
    """Whether a comment gives the output itself, word for word: `Should output: ready`."""
    match = EXPECTED.match(text)
    return match is not None and OUTPUT.search(match.group()) is not None


def joins(previous: Remark, remark: Remark) -> bool:
    """Whether a comment goes on with the sentence of the comment line above it."""
    if remark.meaning not in {Meaning.TITLE, Meaning.DETAIL} or remark.line != previous.line + 1:
        return False
    first = remark.raw.strip()[:1]
    return first.islower() or previous.raw.rstrip().endswith((",", "\u2013", " and", " or"))
