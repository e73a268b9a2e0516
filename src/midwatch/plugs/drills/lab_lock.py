"""One drill at a time in one lab: a lock that the system lets go of when we die."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from midwatch.base import errors


def hold(folder: Path, lab: Path) -> int:
    """Become the only one who breaks this lab."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_file(folder, lab), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        pid = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
        os.close(handle)
        raise errors.WorldError(
            f"Another drill runs in {lab} right now (process {pid}).",
            "Wait for it to end, or press Ctrl-C there: it takes its fault out first.",
        ) from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    return handle


def is_held(folder: Path, lab: Path) -> bool:
    """Whether somebody breaks this lab right now."""
    try:
        handle = os.open(_file(folder, lab), os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _file(folder: Path, lab: Path) -> Path:
    return folder / f"{hashlib.sha256(os.fsencode(lab.resolve())).hexdigest()[:16]}.lock"
