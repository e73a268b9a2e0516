"""A piece of the document's text that knows, line by line, where each of its lines stands."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from midwatch.base import shape
from midwatch.runbook import source as sources


@shape.frozen
class Origin:
    """Where the first character of a line of an excerpt stands in the file (1-based)."""

    line: int
    column: int


@shape.frozen
class Excerpt:
    """Some text of the document, and where it comes from."""

    text: str
    origins: tuple[Origin, ...]
    starts: tuple[int, ...]

    @property
    def line(self) -> int:
        """The line of the file on which it begins."""
        return self.origins[0].line

    @property
    def end_line(self) -> int:
        """The line of the file on which it ends."""
        return self.origins[-1].line

    def place(self, offset: int) -> Origin:
        """The line and column in the file of the character at that offset."""
        row = max(bisect.bisect_right(self.starts, offset) - 1, 0)
        origin = self.origins[row]
        return Origin(origin.line, origin.column + offset - self.starts[row])

    def part(self, start: int, end: int) -> Excerpt:
        """The piece between two offsets."""
        first = max(bisect.bisect_right(self.starts, start) - 1, 0)
        rows = self.text[start:end].count("\n")
        origins = (self.place(start), *self.origins[first + 1 : first + 1 + rows])
        return _of(self.text[start:end].split("\n"), origins)

    def lines(self) -> list[str]:
        """Its lines, without their line ends."""
        return self.text.split("\n")


def of(lines: Iterable[tuple[str, int, int]]) -> Excerpt:
    """An excerpt of lines, each given as text, line and column in the file."""
    rows = list(lines) or [("", 1, 1)]
    return _of([text for text, _, _ in rows], tuple(Origin(line, at) for _, line, at in rows))


def _of(lines: Sequence[str], origins: tuple[Origin, ...]) -> Excerpt:
    starts = []
    offset = 0
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    return Excerpt("\n".join(lines), origins, tuple(starts))


def locate(source: sources.Source, first_line: int, content: str) -> Excerpt:
    """Where the lines of some content, given by the Markdown parser, stand in the file.

    The parser strips what a line owes to its list, quote or fence; so each line of the content is
    the tail of its line in the file, but for white space at the end.
    """
    return of(
        (text, number, _column(source.line(number), text))
        for number, text in enumerate(content.split("\n"), first_line)
    )


def _column(line: str, text: str) -> int:
    if line.endswith(text):
        return len(line) - len(text) + 1
    tail = text.strip()
    at = line.rfind(tail)
    if at < 0:
        return 1
    return max(at - (len(text) - len(text.lstrip())), 0) + 1
