"""Files that only their owner may read, whatever the mask of whoever calls."""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import BinaryIO

OWNER_ONLY = 0o600
OURS = 0o077
"""The mask under which steps' own files are made; the steps themselves get the caller's."""
MASK = re.compile(r"^Umask:\s*([0-7]+)$", re.MULTILINE)
USUAL = "0022"


def opener(path: str, flags: int) -> int:
    """For `open`: what is made belongs to its owner alone."""
    return os.open(path, flags, OWNER_ONLY)


def new(path: Path) -> BinaryIO:
    """The file, empty."""
    return open(path, "wb", opener=opener)


def write(path: Path, data: bytes) -> None:
    """The file with that in it, and nothing else."""
    with new(path) as file:
        file.write(data)


@functools.cache
def mask() -> str:
    """The mask that Midwatch was called with, which its steps get."""
    try:
        found = MASK.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    except OSError:
        return USUAL
    return found[1] if found else USUAL
