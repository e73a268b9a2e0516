"""The spool: letters on disk, under a quota that counts what really lies there."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from pathlib import Path

from postroom.home import Home

LETTER, PART = ".eml", ".part"


class FullError(Exception):
    """The spool has no room for what was to be written."""


@dataclasses.dataclass(frozen=True, slots=True)
class Usage:
    """What lies in the spool."""

    letters: int
    letter_bytes: int
    parts: int
    part_bytes: int
    quota: int

    @property
    def used(self) -> int:
        """All bytes that count."""
        return self.letter_bytes + self.part_bytes

    @property
    def percent(self) -> int:
        """How full it is."""
        return round(100 * self.used / self.quota) if self.quota else 100


def usage(home: Home, quota: int) -> Usage:
    """Weigh every file of the spool."""
    count = {LETTER: 0, PART: 0}
    weight = {LETTER: 0, PART: 0}
    with os.scandir(home.spool) as entries:
        for entry in entries:
            suffix = LETTER if entry.name.endswith(LETTER) else PART
            try:
                weight[suffix] += entry.stat().st_size
            except FileNotFoundError:  # delivered since the folder was listed
                continue
            count[suffix] += 1
    return Usage(
        letters=count[LETTER],
        letter_bytes=weight[LETTER],
        parts=count[PART],
        part_bytes=weight[PART],
        quota=quota,
    )


def path(home: Home, message_id: str) -> Path:
    """Where a letter lies: named by a hash, since a Message-ID may hold anything."""
    return home.spool / (hashlib.sha256(message_id.encode()).hexdigest()[:32] + LETTER)


def keep(home: Home, letters: dict[str, bytes], quota: int) -> None:
    """Write letters and see them on disk; `FullError` when there is no room for all of them."""
    room = quota - usage(home, quota).used
    needed = sum(len(text) for text in letters.values())
    if needed > room:
        raise FullError(f"The spool is full: {needed} bytes are needed, {max(room, 0)} are free.")
    for message_id, text in letters.items():
        place = path(home, message_id)
        unfinished = place.with_suffix(PART)
        with unfinished.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(place)


def drop(home: Home, message_id: str) -> None:
    """A letter that is delivered needs no room any more."""
    path(home, message_id).unlink(missing_ok=True)


def parts(folder: Path) -> list[Path]:
    """Uploads that were never finished."""
    return sorted(folder.glob("*" + PART))


def move_parts(source: Path, goal: Path) -> int:
    """Move unfinished uploads from one folder to the other; how many there were."""
    found = parts(source)
    for part in found:
        part.rename(goal / part.name)
    return len(found)
