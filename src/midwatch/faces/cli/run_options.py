"""What the flags of `run` and `resume` mean."""

from __future__ import annotations

import signal
import sys
import types
from collections.abc import Callable, Sequence

from midwatch.base import errors
from midwatch.engine import local_world
from midwatch.faces.cli import keyboard
from midwatch.guards import model as guards
from midwatch.runs import events

SHORTEST_REASON = 8
CLEAR = "\x1b[K"
"""Takes away what stands right of the cursor."""
MANY = 3
"""Ctrl-C that often, and Midwatch is gone at once; the journal has all that was committed."""


def attended() -> bool:
    """Whether a person sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def values(pairs: Sequence[str]) -> dict[str, str]:
    """`name=value` pairs as a mapping."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise errors.UserError(
                f"“{pair}” gives no value to an input.", "Write it as --set name=value."
            )
        found[name.strip()] = value
    return found


def may(text: str | None) -> guards.May | None:
    """What `--yes` allows."""
    if text is None:
        return None
    try:
        return guards.May(text)
    except ValueError as error:
        raise errors.UserError(
            f"--yes takes read or change, not “{text}”.",
            "Nothing that destroys runs without a person who types the target's name.",
        ) from error


def chosen(names: Sequence[str]) -> frozenset[str]:
    """The ways and conditions that were named."""
    return frozenset(name.lower() for name in names)


def reason(text: str | None) -> str:
    """Why the glass is broken; without a reason it is not."""
    if text is None:
        return ""
    told = " ".join(text.split())
    if len(told) < SHORTEST_REASON:
        raise errors.UserError(
            "--break-glass wants a reason that somebody can read tomorrow.",
            'For example: --break-glass "mail is down, INC-4711, second person not reachable".',
        )
    return told


class Signals:
    """Ctrl-C leaves at a safe point, twice at once; a terminal that goes away lets steps go on."""

    def __init__(self) -> None:
        self.interruption = local_world.Interruption()
        self.asking = False
        self.keyboard = keyboard.Keyboard()
        self.before_asking: Callable[[], None] = _nothing
        """What leaves the terminal to a question."""

    def install(self) -> None:
        """From now on, signals are requests."""
        signal.signal(signal.SIGINT, self._interrupt)
        signal.signal(signal.SIGTERM, self._interrupt)
        signal.signal(signal.SIGHUP, self._hang_up)

    def _interrupt(self, number: int, frame: types.FrameType | None) -> None:
        del number, frame
        self.interruption.ask()
        if self.asking or self.interruption.count >= MANY:
            raise KeyboardInterrupt
        if self.interruption.count == 1:
            clear = CLEAR if sys.stderr.isatty() else ""
            sys.stderr.write(f"{clear}\nStopping the step; press Ctrl-C again to end it at once.\n")

    def _hang_up(self, number: int, frame: types.FrameType | None) -> None:
        del number, frame
        self.interruption.lose()
        if self.asking:
            raise KeyboardInterrupt


def _nothing() -> None:
    """Nobody holds the terminal."""


def in_doubt(text: str | None) -> events.Doubt | None:
    """What `--in-doubt` says."""
    if text is None:
        return None
    try:
        return events.Doubt(text)
    except ValueError as error:
        raise errors.UserError(f"--in-doubt takes done, repeat or skip, not “{text}”.") from error


def after_failure(text: str | None) -> events.AfterFailure | None:
    """What `--failed` says."""
    if text is None:
        return None
    try:
        return events.AfterFailure(text)
    except ValueError as error:
        raise errors.UserError(
            f"--failed takes retry, skip, undo or abort, not “{text}”."
        ) from error
