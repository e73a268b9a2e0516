"""What Midwatch itself is made of: what was kept by other files of it is not believed."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import midwatch

ROOT = Path(midwatch.__file__).parent


@functools.cache
def digest(*rooms: str) -> bytes:
    """The digest of Midwatch's version, and of the size and last change of each file in rooms."""
    found = hashlib.sha256(midwatch.__version__.encode())
    for room in rooms:
        for name, stamp in sorted(_stamps(f"{ROOT}/{room}")):
            found.update(f"{name}:{stamp}\n".encode())
    return found.digest()


def _stamps(folder: str) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:  # a third of the time that `Path` takes for 1,500 files
        for entry in entries:
            if entry.is_file():
                state = entry.stat()
                yield entry.path, f"{state.st_size}-{state.st_mtime_ns}"
            elif entry.name != "__pycache__":
                yield from _stamps(entry.path)
