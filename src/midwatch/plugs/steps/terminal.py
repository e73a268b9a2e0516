"""Hands the terminal over to an interactive step, and keeps a record of what it printed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

from midwatch.base import shape
from midwatch.plugs.steps import shell

CHUNK = 1 << 14
NO_SIZE = bytes(8)


@contextlib.contextmanager
def opened() -> Iterator[tuple[int, str]]:
    """A new terminal of the size of ours: the end we hold, and the path of the step's end."""
    ours, theirs = os.openpty()
    try:
        _copy_size(ours)
        yield ours, os.ttyname(theirs)
    finally:
        os.close(ours)
        os.close(theirs)


def relay(
    running: shell.Running, ours: int, record: Path, awake: Callable[[], bool]
) -> shell.Found:
    """Pass keys in and pictures out until the step ends; `Running` where nobody is there any more.

    Between keys and pictures `awake` is asked whether to go on.
    """
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    ended = False
    with record.open("ab", buffering=0) as file:
        try:
            tty.setraw(keyboard)
            ended = _pump(_Ends(running, ours, keyboard, file.fileno()), awake)
        finally:
            with contextlib.suppress(termios.error):  # the terminal may be gone
                termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
    return shell.wait(running, lambda: True) if ended else running


@shape.frozen
class _Ends:
    """What is read from and written to."""

    running: shell.Running
    ours: int
    keyboard: int
    record: int


def _pump(ends: _Ends, awake: Callable[[], bool]) -> bool:
    """Whether the step ended, and the person did not go away before."""
    while awake():
        ready = select.select([ends.ours, ends.keyboard], [], [], shell.POLL_SECONDS)[0]
        _copy_size(ends.ours)
        if ends.ours in ready:
            data = os.read(ends.ours, CHUNK)
            os.write(ends.record, data)
            if not _shown(data):
                return False
        elif ends.running.child is not None and ends.running.child.poll() is not None:
            return True
        if ends.keyboard in ready:
            keys = _typed(ends.keyboard)
            if not keys:
                return False
            os.write(ends.ours, keys)
    return False


def _shown(data: bytes) -> bool:
    try:
        os.write(sys.stdout.fileno(), data)
    except OSError:
        return False
    return True


def _typed(keyboard: int) -> bytes:
    """What was typed; nothing where the terminal is gone."""
    try:
        return os.read(keyboard, CHUNK)
    except OSError:
        return b""


def _copy_size(ours: int) -> None:
    """Give the step's terminal the size of ours, where ours has one."""
    with contextlib.suppress(OSError):
        size = fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, NO_SIZE)
        fcntl.ioctl(ours, termios.TIOCSWINSZ, size)
