"""What the process of a step prints: whole lines, at once."""

from __future__ import annotations

import sys


def say(line: str = "") -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
