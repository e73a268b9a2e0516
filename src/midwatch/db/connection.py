"""One SQLite file, opened so that what was committed survives a power cut."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from midwatch.base import errors
from midwatch.db import migration

BUSY_SECONDS = 5.0
BESIDE = ("-wal", "-shm")


def connect(
    path: Path, *, busy_seconds: float = BUSY_SECONDS, migrations: Path = migration.FOLDER
) -> sqlite3.Connection:
    """Open the file (made when it is not there), with its tables up to date.

    Threads may share it, as long as one of them at a time is in a transaction.
    """
    with telling(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(path)
        connection = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        migration.apply(connection, migrations)
        return connection


def _close_to_others(path: Path) -> None:
    """Nobody else reads it; in a folder that a group shares (`chmod 2770`), that group does.

    SQLite gives the files that it makes beside it the mode it has then: so it is set first. A file
    that is there is never opened here: closing it would drop the locks of every connection that
    this process has (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    shared = bool(path.parent.stat().st_mode & stat.S_IWGRP)
    mode = 0o660 if shared else 0o600
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for each in (path, *(Path(f"{path}{kind}") for kind in BESIDE)):
        with contextlib.suppress(FileNotFoundError):
            if stat.S_IMODE(each.stat().st_mode) != mode:
                each.chmod(mode)


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints into a sentence that names the file and the next step."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        raise _sentence(path, error) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.StoreError(
            f"The journal {path} cannot be opened: {reason}.",
            "Set MIDWATCH_STATE to a folder that you may write to.",
        ) from error


def _sentence(path: Path, error: sqlite3.Error) -> errors.StoreError:
    code = getattr(error, "sqlite_errorcode", None) or 0
    kind = code & 0xFF  # the low byte is the primary result code
    if kind in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return errors.StoreError(
            f"The journal {path} is locked by another process.",
            "Wait for it to end (`fuser` says which it is), then try again. Nothing is lost.",
        )
    if kind == sqlite3.SQLITE_FULL:
        return errors.StoreError(
            f"The disk is full: the journal {path} cannot be written.",
            "Free some space, then `midwatch resume` the run. What was recorded is kept.",
        )
    if kind in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return errors.StoreError(
            f"The journal {path} is damaged.",
            f"Keep it (`mv {path} {path}.damaged`), save what it holds with "
            f"`sqlite3 {path}.damaged .recover`, and run again.",
        )
    return errors.StoreError(
        f"The journal {path} cannot be used: {error}.",
        "Check the disk and the folder's permissions, then try again. What was recorded is kept.",
    )
