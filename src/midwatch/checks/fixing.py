"""The safe replacements, put into a file's bytes and shown as a patch."""

from __future__ import annotations

import codecs
import difflib
import re
from collections.abc import Iterable

from midwatch.base import lazy, shape
from midwatch.checks import model

LINE = lazy.pattern(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ODD = re.compile(rb'[\x00-\x1f\x7f"\\]')


@shape.frozen
class Letters:
    """A file's text in which every byte can be told again, and how to tell it."""

    mark: bytes
    encoding: str
    text: str

    def encode(self, text: str) -> bytes:
        """The bytes of a text like this one."""
        return self.mark + text.encode(self.encoding, "surrogateescape")


@shape.frozen
class Fixed:
    """A file's new bytes, and the changes that were made to it."""

    data: bytes
    made: frozenset[model.Replacement] = frozenset()


def apply(data: bytes, changes: Iterable[model.Replacement]) -> Fixed:
    """The bytes with every change made; of two that overlap, the first in the file wins.

    A line that holds bytes which are no text is left as it is: its columns cannot be told.
    """
    letters = decode(data)
    if letters is None:
        return Fixed(data)
    lines = [line.group() for line in LINE.finditer(letters.text)] or [""]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    spans = sorted(
        (starts[c.line - 1] + c.column - 1, starts[c.end_line - 1] + c.end_column - 1, c.new, c)
        for c in changes
        if c.end_line <= len(lines) and all(map(plain, lines[c.line - 1 : c.end_line]))
    )
    pieces, made, at = [], [], 0
    for start, end, new, change in spans:
        if at <= start <= end:
            pieces += [letters.text[at:start], new]
            made.append(change)
            at = end
    return Fixed(letters.encode("".join([*pieces, letters.text[at:]])), frozenset(made))


def decode(data: bytes) -> Letters | None:
    """The text in some bytes as a document is read; nothing where it could not be told again."""
    for mark, encoding in WIDE:
        if data.startswith(mark):
            try:
                return Letters(mark, encoding, data[len(mark) :].decode(encoding))
            except UnicodeDecodeError:
                return None
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return Letters(mark, "utf-8", data[len(mark) :].decode("utf-8", "surrogateescape"))


def plain(line: str) -> bool:
    """Whether a line is all text."""
    return line.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in line)


def patch(path: str, before: bytes, after: bytes) -> bytes:
    """The change as `patch -p1` and `git apply` read it; nothing where there is none."""
    name = path.encode("utf-8", "surrogateescape").lstrip(b"/")
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        split(before),
        split(after),
        quoted(b"a/" + name),
        quoted(b"b/" + name),
    )
    return b"".join(
        line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
        for line in lines
    )


def split(data: bytes) -> list[bytes]:
    """Lines as patches have them: a line feed ends one, and nothing else does."""
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def quoted(name: bytes) -> bytes:
    """A file's name as git writes it in a patch."""
    if ODD.search(name):
        odd = ODD.sub(lambda found: b"\\%03o" % found.group()[0], name)
        return b'"' + odd + b'"'
    return name + b"\t" if b" " in name else name
