"""One process at a time keeps a watch in a SQLite file: two would page everybody twice.

One at a time carries its runs out, too: two would start each of them twice.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from midwatch.base import clock, errors

ENDING = ".serving"
CARRYING = "serve-runs"
PAUSE = 0.05


def try_hold(path: Path) -> int | None:
    """Take the file's lock, kept until the process ends; None where another one has it."""
    handle = _opened(path.with_name(path.name + ENDING))
    if _taken(handle):
        return handle
    os.close(handle)
    return None


def await_hold(folder: Path, ticks: clock.Clock, gone: Callable[[], bool]) -> int | None:
    """Take the lock of whoever carries runs out there once an earlier one has let go of it.

    None where nobody wants that any more.
    """
    handle = _opened(folder / (CARRYING + ENDING))
    while not _taken(handle):
        if gone():
            os.close(handle)
            return None
        ticks.sleep(PAUSE)
    return handle


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(f"{path} cannot be opened: {reason}.") from error


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether a `midwatch serve` keeps the watch in that file now."""
    beside = path.with_name(path.name + ENDING)
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _taken(handle)
    finally:
        os.close(handle)
