"""What a run prints, above one line that says where it stands; Space holds it still to be read.

The line is drawn without a line break and with the cursor put back, so that the next output takes
its place. While the output is held nothing is lost: the run goes on, and all of it is on record.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from midwatch.base import clock, shape
from midwatch.faces.cli import keyboard

HOLD = " "
COLUMNS = 80
MOST = 1 << 18
"""Bytes that are held at most; of more, the end is shown, and the transcript has all."""
DRAW_SECONDS, AGAIN_SECONDS = 0.2, 0.04
"""Between two times that the line is drawn: in silence, and where output has taken it away."""
FIRST_SECONDS = 0.5
"""Quick steps need no line."""
SAVE, RESTORE, CLEAR, PLAIN = b"\x1b7", b"\x1b8", b"\x1b[K", b"\x1b[0m"


@shape.frozen
class Held:
    """How much the person has not seen yet."""

    lines: int


Bar = Callable[[Held | None, int], str]
"""The line, for so many columns; what is held, where something is."""


class LiveOutput:
    """Writes to the terminal, and keeps the line under what was written."""

    def __init__(self, keys: keyboard.Keyboard, bar: Bar, ticks: clock.Clock) -> None:
        self._keys = keys
        self._bar = bar
        self._ticks = ticks
        self._held: bytearray | None = None
        self._lines = 0
        self._drawn = False
        self._at_line_start = True
        self._due = float("inf")
        """From when on there is a line."""
        self._last = float("-inf")

    def begin(self) -> None:
        """A step begins: from now on keys count, and before long there is a line."""
        self._keys.watch()
        if self._held is None:
            self._due = self._ticks.monotonic() + FIRST_SECONDS

    def write(self, data: bytes) -> None:
        """Show it, or hold it."""
        if self._held is not None:
            self._held += data
            self._lines += data.count(b"\n")
            del self._held[:-MOST]
            return
        self._write(data)

    def tick(self) -> None:
        """Look at the keys, and draw the line anew now and then."""
        if self._keys.pressed(HOLD):
            self._toggle()
        now = self._ticks.monotonic()
        since = now - self._last
        wanted = since >= (DRAW_SECONDS if self._drawn else AGAIN_SECONDS)
        if now >= self._due and wanted and self._at_line_start:
            self._draw()
            self._last = now

    def rest(self) -> None:
        """Show all that was held, take the line away, and give the terminal back."""
        self._due = float("inf")
        if self._held is not None:
            self._toggle()
        self._clear()
        self._keys.release()

    def _toggle(self) -> None:
        self._due = min(self._due, self._ticks.monotonic())
        if self._held is None:
            self._held, self._lines = bytearray(), 0
            return
        held, self._held = bytes(self._held), None
        missing = self._lines - held.count(b"\n")
        if missing > 0:
            self._write(f"… {missing:,} lines are in the transcript\n".encode())
        self._write(held)

    def _write(self, data: bytes) -> None:
        if not data:
            return
        self._clear()
        self._at_line_start = data.endswith(b"\n")
        out(data)

    def _draw(self) -> None:
        held = Held(self._lines) if self._held is not None else None
        line = self._bar(held, _columns())
        out(SAVE + PLAIN + line.encode("utf-8", "replace") + CLEAR + RESTORE)
        self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            out(CLEAR)
            self._drawn = False


def _columns() -> int:
    """The terminal's width; some terminals do not say."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or COLUMNS
    except OSError:
        return COLUMNS


def out(data: bytes) -> None:
    """Write at once, past what Python would keep."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
