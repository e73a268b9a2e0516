"""How the process of a step says how it ended."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """Exit codes of our own step processes."""

    DONE = 0
    FAILED = 1
    """It did not happen, or it was taken back: the world is as before."""
    MISSING = 3
    ROLLED_BACK = 213
    """A person said no, or nobody said yes in time: it was taken back."""
    IN_DOUBT = 214
    """It was sent, and nobody knows whether it counts."""
