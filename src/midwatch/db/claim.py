"""Who keeps the watch in a store: one process at a time, or two would page everybody twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from midwatch.base import clock, errors
from midwatch.db import postgres_claim, sole


class Claim(Protocol):
    """The right to keep the watch, while it lasts."""

    def take(self) -> bool:
        """Take it; False where somebody else has it."""

    def settling(self) -> float:
        """Seconds to wait after taking it, until whoever had it has noticed for certain."""

    def confirm(self) -> bool:
        """Ask the store whether it lasts; False where it is lost for good."""

    def is_sure(self) -> bool:
        """Whether nobody else can have it now, as far as is known here; asked before each page."""

    def holder(self) -> str:
        """In words, who has it."""

    def release(self) -> None:
        """Let go of it, when nothing is sent any more."""


class FileClaim:
    """The lock beside a SQLite file: it lasts exactly as long as the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def take(self) -> bool:
        """Take the file's lock."""
        self._held = sole.try_hold(self._path)
        return self._held is not None

    def settling(self) -> float:
        """Nobody holds it who is not there."""
        return 0.0

    def confirm(self) -> bool:
        """Nothing takes it away."""
        return True

    def is_sure(self) -> bool:
        """Nothing takes it away."""
        return self._held is not None

    def holder(self) -> str:
        """The file says it."""
        return str(self._path)

    def release(self) -> None:
        """Let go of the file."""
        if self._held is not None:
            os.close(self._held)
        self._held = None


def of(url: str, ticks: clock.Clock) -> Claim:
    """The claim to the watch that is kept there."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return FileClaim(Path("/" + rest.lstrip("/")))
    return postgres_claim.PostgresClaim(url, ticks)


def taken(claim: Claim) -> errors.UserError:
    """What a second watch is told."""
    return errors.UserError(
        f"Another `midwatch serve` keeps the watch in {claim.holder()}.",
        "Stop it first, let this one stand by (--standby), or give it a database of its own.",
    )
