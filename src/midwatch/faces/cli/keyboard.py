"""The keys that a person presses while a step runs: read at once, and never taken for an answer."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import sys
import termios
import tty
from typing import Any

MOST = 1024


class Keyboard:
    """The terminal's keys, one by one; between `watch` and `release` nothing is echoed."""

    def __init__(self) -> None:
        self._before: list[Any] | None = None
        self._typed = ""

    def watch(self) -> None:
        """From now on each key is read as it is pressed; in the background there are none."""
        if self._before is not None or not _is_ours():
            return
        keyboard = sys.stdin.fileno()
        self._before = termios.tcgetattr(keyboard)
        tty.setcbreak(keyboard, termios.TCSADRAIN)
        atexit.register(self.release)

    def release(self) -> None:
        """Give the terminal back as it was; what was typed meanwhile answers nothing."""
        if self._before is None:
            return
        before, self._before = self._before, None
        self._typed = ""
        with contextlib.suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, before)

    def pressed(self, key: str) -> bool:
        """Whether that key was pressed since somebody asked for it last."""
        self._typed += self._read()
        found = key in self._typed
        self._typed = self._typed.replace(key, "")
        return found

    def _read(self) -> str:
        keyboard = sys.stdin.fileno()
        if self._before is None or not select.select([keyboard], [], [], 0)[0]:
            return ""
        try:
            return os.read(keyboard, MOST).decode("utf-8", "replace")
        except OSError:
            return ""


def _is_ours() -> bool:
    """Whether we are in the foreground of the terminal: a background job must not touch it."""
    keyboard = sys.stdin.fileno()
    try:
        return os.tcgetpgrp(keyboard) == os.getpgrp()
    except OSError:  # a terminal that controls no jobs
        return os.isatty(keyboard)
