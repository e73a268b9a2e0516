"""The bytes of a file as text and lines, whatever they are."""

from __future__ import annotations

import codecs
import hashlib

from midwatch.base import shape

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@shape.frozen
class Source:
    """A document as lines; line 1 is `lines[0]`, and no line holds its line end."""

    path: str
    digest: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """The line of that number; empty where the file has no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read(path: str, data: bytes) -> Source:
    """The document in those bytes: any bytes make one."""
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return Source(path, hashlib.sha256(data).hexdigest(), tuple(text.split("\n")))


def _decode(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    return data.decode("utf-8", errors="replace")
