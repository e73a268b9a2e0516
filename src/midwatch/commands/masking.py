"""Placeholders such as `<pod-name>` are redirections to a shell: they are masked before parsing.

A mask has as many characters as what it covers, so every offset still holds.
"""

from __future__ import annotations

import re

from midwatch.base import lazy, shape
from midwatch.commands import model

MASK = "\ue000"
"""A private-use character: a word of it parses as a plain word and is no text anybody writes."""

ANGLE = lazy.pattern(
    r"<(?=[A-Za-z0-9_])[^<>\n|;&$`\"'(){}=]*[^<>\n|;&$`\"'(){}=\s]>|<[A-Za-z0-9_]>"
)
SQUARE = lazy.pattern(
    r"(?<![\w\]$}\"'*\\-])\[[A-Za-z]{2,}(?:[-_ ./][A-Za-z0-9]+)*\](?=$|[\s/:@,\"')])"
)
CURLY = lazy.pattern(r"\{\{ ?[A-Za-z_][\w-]*(?:[ .][\w-]+)* ?\}\}")
HEREDOC = lazy.pattern(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([A-Za-z0-9_.!-]+))")
PLAIN = lazy.pattern(r"[^<\[{'\"\\#$`()\n]+")
QUOTED_ANGLE = lazy.pattern(r"<[A-Za-z][\w-]*>")
"""A placeholder inside a quoted word: it parses as it stands, but is no fixed text."""


@shape.frozen
class Masked:
    """The text with its placeholders covered, and where they are."""

    text: str
    placeholders: tuple[model.Placeholder, ...]


def mask(text: str) -> Masked:
    """Cover what would not parse as the author meant it; list what stands in quotes as well."""
    if "<" not in text and "[" not in text and "{{" not in text:
        return Masked(text, ())
    scanner = _Scanner(text)
    scanner.run()
    pieces, last = [], 0
    for start, end in scanner.covered:
        pieces += [text[last:start], MASK * (end - start)]
        last = end
    pieces.append(text[last:])
    found = sorted(scanner.found, key=lambda place: place.span.start)
    return Masked("".join(pieces), tuple(found))


class _Scanner:
    """Walks the text once, knowing only quotes, comments, here-documents and substitutions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.quotes: list[str] = []  # '"' and '(' as they nest
        self.waiting: list[tuple[str, bool]] = []  # here-documents that begin at the next line
        self.covered: list[tuple[int, int]] = []
        self.found: list[model.Placeholder] = []

    def run(self) -> None:
        while self.position < len(self.text):
            plain = PLAIN.match(self.text, self.position)
            if plain:
                self.position = plain.end()
                continue
            self.step(self.text[self.position])

    def step(self, character: str) -> None:
        quoted = bool(self.quotes) and self.quotes[-1] == '"'
        if character == "\\":
            self.position += 2
        elif character == '"':
            if quoted:
                self.quotes.pop()
            else:
                self.quotes.append('"')
            self.position += 1
        elif character == "$" and self.text.startswith("$(", self.position):
            self.quotes.append("(")
            self.position += 2
        elif character == "(" and not quoted:
            self.quotes.append("(")
            self.position += 1
        elif character == ")" and self.quotes and self.quotes[-1] == "(":
            self.quotes.pop()
            self.position += 1
        elif quoted:
            self.inside_quotes(character)
        else:
            self.outside(character)

    def inside_quotes(self, character: str) -> None:
        match = QUOTED_ANGLE.match(self.text, self.position) if character == "<" else None
        if match:
            self.note(match, cover=False)
        else:
            self.position += 1

    def outside(self, character: str) -> None:
        if character == "'":
            self.single_quotes()
        elif character == "#" and self.begins_word():
            self.position = self.line_end()
        elif character == "\n":
            self.position += 1
            self.bodies()
        elif character == "<":
            self.angle()
        elif character == "[":
            self.match_or_skip(SQUARE)
        elif character == "{":
            self.match_or_skip(CURLY)
        else:
            self.position += 1

    def angle(self) -> None:
        if self.text.startswith("<<<", self.position):
            self.position += 3
            return
        heredoc = HEREDOC.match(self.text, self.position)
        if heredoc:
            delimiter = heredoc[2] or heredoc[3] or heredoc[4]
            self.waiting.append((delimiter, heredoc[1] == "-"))
            self.position = heredoc.end()
            return
        self.match_or_skip(ANGLE)

    def match_or_skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.position)
        if match:
            self.note(match, cover=True)
        else:
            self.position += 1

    def note(self, match: re.Match[str], *, cover: bool) -> None:
        span = model.Span(match.start(), match.end())
        self.found.append(model.Placeholder(match[0], span))
        if cover:
            self.covered.append((span.start, span.end))
        self.position = span.end

    def single_quotes(self) -> None:
        end = self.text.find("'", self.position + 1)
        end = len(self.text) if end < 0 else end + 1
        self.list_in(self.position, end)
        self.position = end

    def bodies(self) -> None:
        """Step over the here-documents that begin on this line."""
        for delimiter, tabs in self.waiting:
            start = self.position
            while self.position < len(self.text):
                end = self.line_end()
                line = self.text[self.position : end]
                self.position = min(end + 1, len(self.text))
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break
            self.list_in(start, self.position)
        self.waiting.clear()

    def list_in(self, start: int, end: int) -> None:
        for match in QUOTED_ANGLE.finditer(self.text, start, end):
            place = model.Placeholder(match[0], model.Span(match.start(), match.end()))
            self.found.append(place)

    def begins_word(self) -> bool:
        return self.position == 0 or self.text[self.position - 1] in " \t\n;|&("

    def line_end(self) -> int:
        end = self.text.find("\n", self.position)
        return len(self.text) if end < 0 else end
