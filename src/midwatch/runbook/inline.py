"""What stands inside a line of Markdown: code, links, bold lead-ins, and the text without marks."""

from __future__ import annotations

import functools
import re

from midwatch.base import lazy, shape

TICKS = lazy.pattern(r"`+")
LINK = lazy.pattern(
    r"(?<!\\)!?\[(?P<label>[^\[\]\n]{0,400})\]"
    r"(?:\((?P<href><[^<>\n]{0,2000}>|[^\s()]{0,2000}(?:\([^\s()]{0,2000}\)[^\s()]{0,2000})?)"
    r"(?:[ \t\n]+(?:\"[^\"]{0,400}\"|'[^']{0,400}'))?[ \t]*\)|\[(?P<name>[^\[\]\n]{0,400})\])"
)
ADDRESS = lazy.pattern(
    r"<((?:https?|ftp|mailto):[^\s<>]{1,2000})>|(?<![\w\"'(=/])(https?://[^\s<>)\]\"'`]+)"
)
DEFINITION = lazy.pattern(r" {0,3}\[([^\[\]]{1,400})\]:\s*<?(\S+?)>?(?:\s|$)")
BOLD = lazy.pattern(r"[^\w*_`\[]{0,6}(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1", re.DOTALL)
STARS = lazy.pattern(r"(\*{1,3})(?=[^\s*])([^\n]{1,400}?)(?<=[^\s*])\1(?!\*)")
LOWS = lazy.pattern(r"(?<!\w)(_{1,3})(?=[^\s_])([^\n]{1,400}?)(?<=[^\s_])\1(?!\w)")
MARKS = lazy.pattern(r"~~|\\(?=[!-/:-@\[-`{-~])")
SPECIAL = lazy.pattern(r"[\[*_<~\\`\x1a]")
HELD = "\x1a"
"""Stands for inline code while marks are taken off around it."""
TAG = lazy.pattern(r"</?[A-Za-z][\w-]{0,30}(?:\s[^<>\n]{0,500})?/?>|<!--.*?-->", re.DOTALL)


@shape.frozen
class Code:
    """Inline code: where it begins and ends with its ticks, and the code itself."""

    start: int
    end: int
    text: str
    at: int
    """Where the code itself begins."""


@shape.frozen
class Link:
    """A link: where it begins, its text, and what it leads to, or the name of a definition."""

    start: int
    end: int
    text: str
    href: str
    name: str = ""


@shape.frozen
class Bold:
    """A paragraph's bold beginning, and where what follows it begins."""

    title: str
    end: int
    colon: bool
    """Whether a colon follows, inside or outside the marks."""


def codes(text: str) -> list[Code]:
    """Every piece of inline code, in order."""
    runs = list(TICKS.finditer(text)) if "`" in text else []
    closing = [-1] * len(runs)
    later: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        size = len(runs[index].group())
        closing[index] = later.get(size, -1)
        later[size] = index
    found = []
    index = 0
    while index < len(runs):
        end = closing[index]
        if end >= 0:
            start, stop = runs[index].end(), runs[end].start()
            found.append(_code(text, runs[index].start(), start, stop, runs[end].end()))
        index = max(index, end) + 1
    return found


def _code(text: str, begin: int, start: int, stop: int, end: int) -> Code:
    inner = text[start:stop]
    if len(inner) > 1 and inner[0] == inner[-1] == " " and inner.strip():
        return Code(begin, end, inner[1:-1], start + 1)
    return Code(begin, end, inner, start)


def links(text: str) -> list[Link]:
    """Every link and address outside inline code, in order."""
    if "[" not in text and "://" not in text and "<" not in text:
        return []
    found = []
    bare = blank(text)
    for match in LINK.finditer(bare):
        label = text[match.start("label") : match.end("label")]
        href = (match.group("href") or "").strip("<>")
        name = "" if match.group("href") is not None else (match.group("name") or label)
        found.append(Link(match.start(), match.end(), plain(label), href, name.casefold()))
    covered = [(link.start, link.end) for link in found]
    for match in ADDRESS.finditer(bare):
        if not any(start <= match.start() < end for start, end in covered[:200]):
            href = match.group(1) or match.group(2).rstrip(".,;:!?*_")
            found.append(Link(match.start(), match.end(), href, href))
    return sorted(found, key=lambda link: link.start)


def blank(text: str) -> str:
    """The text with its inline code blanked out, each character at its place."""
    pieces = []
    reach = 0
    for code in codes(text):
        pieces.extend([text[reach : code.start], "\x1a" * (code.end - code.start)])
        reach = code.end
    pieces.append(text[reach:])
    return "".join(pieces)


def bold(text: str) -> Bold | None:
    """The bold words that a paragraph begins with."""
    match = BOLD.match(text)
    if match is None:
        return None
    title = match.group(2).strip()
    end = match.end()
    if title.endswith((":", "\uff1a")):
        return Bold(title.rstrip(":\uff1a "), end, colon=True)
    after = re.compile(r"[ \t]*(\([^()\n]{0,80}\))?[ \t]*[:\uff1a]").match(text, end)
    if after is None:
        return Bold(title, end, colon=False)
    return Bold(f"{title} {after.group(1) or ''}".strip(), after.end(), colon=True)


@functools.lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """The words without marks: what a reader of the rendered page sees."""
    if not SPECIAL.search(text):
        return " ".join(text.split())
    found = codes(text)
    held = _held(text, found)
    linked = LINK.sub(lambda match: match.group("label"), held)
    if linked.count(HELD) != len(found):  # code inside an address went with it
        text = LINK.sub(lambda match: match.group("label"), text)
        found = codes(text)
        linked = _held(text, found)
    words = _unmarked(linked).split(HELD)
    kept = [
        piece for code, word in zip(found, words[1:], strict=False) for piece in (code.text, word)
    ]
    return " ".join("".join([words[0], *kept]).split())


def _held(text: str, found: list[Code]) -> str:
    """The text with one sign in place of each piece of inline code."""
    pieces = []
    reach = 0
    for code in found:
        pieces.extend([text[reach : code.start], HELD])
        reach = code.end
    pieces.append(text[reach:])
    return "".join(pieces)


def _unmarked(text: str) -> str:
    if "<" in text:
        text = TAG.sub("", text)
    if "*" in text:
        text = STARS.sub(r"\2", STARS.sub(r"\2", text))
    if "_" in text:
        text = LOWS.sub(r"\2", text)
    return MARKS.sub("", text)
