"""The one error tree: what the user can fix, what the world did, and what is our bug."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """What the exit code of `midwatch` means; these never change within a version."""

    OK = 0
    FAILED = 1
    NOT_UNDERSTOOD = 2
    MISSING = 3
    WAITING = 4
    INTERRUPTED = 130


class MidwatchError(Exception):
    """Anything Midwatch says to a person: one sentence, and the next step where there is one."""

    exit: Exit = Exit.FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UserError(MidwatchError):
    """The request could not be understood or read; the user can fix it."""

    exit = Exit.NOT_UNDERSTOOD


class NotFoundError(UserError):
    """There is no such thing."""


class ConflictError(UserError):
    """It is not, or not any more, as whoever asks believes."""


class DeniedError(UserError):
    """Whoever asks may not do that."""


class MissingError(MidwatchError):
    """Something the machine must have is not there."""

    exit = Exit.MISSING


class WaitingError(MidwatchError):
    """The run waits for a person: an input, an approval, or a step in doubt."""

    exit = Exit.WAITING


class WorldError(MidwatchError):
    """The world failed (disk full, journal locked, server away): try again."""

    exit = Exit.FAILED


class StoreError(WorldError):
    """The database is away, locked or full: what was to be done there is done again later."""


class BugError(MidwatchError):
    """An invariant of Midwatch itself does not hold; please report it."""

    exit = Exit.FAILED
