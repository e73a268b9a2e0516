"""What a step prints: followed while it runs, then measured, masked and kept."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from midwatch.base import shape
from midwatch.plugs.steps import private
from midwatch.runs import ansi, model, secrets

CHUNK = 1 << 16
TAIL = 4000
"""Bytes of the end that the journal keeps."""
LARGE = 32 << 20
DRAWN_TAIL = 1 << 16
Show = Callable[[bytes], None]


@shape.frozen
class Printed:
    """How much a step printed, and the end of it."""

    size: int
    sha256: str
    tail: str


NOTHING = Printed(0, hashlib.sha256().hexdigest(), "")


class Follower:
    """Hands on what is added to a file, without secrets."""

    def __init__(self, path: Path, masker: secrets.Masker, show: Show) -> None:
        self._path = path
        self._stream = masker.stream()
        self._show = show
        self._file: io.FileIO | None = None

    def catch_up(self) -> None:
        """Show what has come since the last time."""
        if self._file is None:
            if not size(self._path):
                return
            self._file = io.FileIO(self._path)
        while data := self._file.read(CHUNK):
            self._show(self._stream.feed(data))

    def end(self) -> None:
        """Show the rest, held-back bytes included."""
        self.catch_up()
        rest = self._stream.end()
        if rest:
            self._show(rest)
        if self._file is not None:
            self._file.close()


def size(path: Path) -> int:
    """Bytes in the file; none where it is not there yet."""
    try:
        return os.stat(path).st_size  # noqa: PTH116  (asked for every step)
    except OSError:
        return 0


def keep(path: Path, masker: secrets.Masker) -> Printed:
    """Measure what was printed; where it holds secrets, it is written anew without them."""
    if not size(path):
        return NOTHING
    if masker and _holds_secret(path, masker):
        masked = path.with_suffix(".masked")
        stream = masker.stream()
        with path.open("rb") as source, private.new(masked) as target:
            while data := source.read(CHUNK):
                target.write(stream.feed(data))
            target.write(stream.end())
        masked.replace(path)
    return _measured(path)


def keep_drawn(path: Path, masker: secrets.Masker) -> Printed:
    """The same for what was drawn on a terminal; the end of it as it stood there to be read."""
    if not size(path):
        return NOTHING
    if size(path) > LARGE:
        return keep(path, masker)
    if masker:
        data = path.read_bytes()
        masked = masker.drawn(data)
        if masked != data:
            beside = path.with_suffix(".masked")
            private.write(beside, masked)
            beside.replace(path)
    measured = _measured(path)
    rows = (
        "".join(piece.text for piece in row)
        for row in ansi.lines(path.read_bytes()[-DRAWN_TAIL:].decode("utf-8", "replace"))
    )
    read = "\n".join(row.rstrip() for row in rows)
    return dataclasses.replace(measured, tail=read[-TAIL:])


def _holds_secret(path: Path, masker: secrets.Masker) -> bool:
    stream = masker.stream()
    seen = 0
    with path.open("rb") as source:
        while data := source.read(CHUNK):
            seen += len(data)
            shown = stream.feed(data)
            if model.MASK.encode() in shown:
                return True
    return model.MASK.encode() in stream.end()


def _measured(path: Path) -> Printed:
    digest = hashlib.sha256()
    size, tail = 0, b""
    with path.open("rb", buffering=0) as source:
        while data := source.read(CHUNK):
            digest.update(data)
            size += len(data)
            tail = (tail + data)[-TAIL:]
    return Printed(size, digest.hexdigest(), tail.decode("utf-8", "replace"))
