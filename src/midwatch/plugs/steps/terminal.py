"""Hands the terminal over to an interactive step, and keeps a record of what it printed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

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


def relay(running: shell.Running, ours: int, record: Path) -> shell.Found:
    """Pass keys in and pictures out until the step ends."""
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    with record.open("ab", buffering=0) as file:
        try:
            tty.setraw(keyboard)
            _pump(running, ours, keyboard, file.fileno())
        finally:
            termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
    return shell.wait(running, lambda: True)


def _pump(running: shell.Running, ours: int, keyboard: int, record: int) -> None:
    while True:
        ready = select.select([ours, keyboard], [], [], shell.POLL_SECONDS)[0]
        _copy_size(ours)
        if ours in ready:
            data = os.read(ours, CHUNK)
            os.write(sys.stdout.fileno(), data)
            os.write(record, data)
        elif running.child is not None and running.child.poll() is not None:
            return
        if keyboard in ready:
            os.write(ours, os.read(keyboard, CHUNK))


def _copy_size(ours: int) -> None:
    """Give the step's terminal the size of ours, where ours has one."""
    with contextlib.suppress(OSError):
        size = fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, NO_SIZE)
        fcntl.ioctl(ours, termios.TIOCSWINSZ, size)
