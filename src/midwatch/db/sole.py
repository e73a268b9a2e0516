"""One process at a time keeps a watch in a SQLite file: two would page everybody twice."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from midwatch.base import errors

ENDING = ".serving"


def hold(path: Path) -> int:
    """Take the file's lock, kept until the process ends; told where another one has it."""
    beside = path.with_name(path.name + ENDING)
    try:
        beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(f"{beside} cannot be opened: {reason}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise errors.UserError(
            f"Another `midwatch serve` keeps the watch in {path}.",
            "Stop it first, or give this one a database of its own.",
        ) from error
    return handle


def is_held(path: Path) -> bool:
    """Whether a `midwatch serve` keeps the watch in that file now."""
    beside = path.with_name(path.name + ENDING)
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
