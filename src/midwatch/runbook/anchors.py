"""The anchors by which links reach headings, as GitHub makes them."""

from __future__ import annotations

import re
import unicodedata

from midwatch.base import lazy

INVISIBLE = {0xFE0E: None, 0xFE0F: None, 0x200D: None}
"""What follows some emoji; nobody can see or type it."""
DROPPED = lazy.pattern(r"[^\w\- ]")


class Anchors:
    """Gives each heading of one document its own anchor: the second of a name gets `-1`."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def take(self, title: str) -> str:
        """The anchor of a heading with that text, marks removed."""
        base = slug(title)
        anchor = base
        while anchor in self._counts:
            self._counts[base] += 1
            anchor = f"{base}-{self._counts[base]}"
        self._counts[anchor] = 0
        return anchor


def slug(title: str) -> str:
    """The anchor of a text, were it the only one."""
    bare = title.strip().lower().translate(INVISIBLE)
    return DROPPED.sub(_marks, bare).replace(" ", "-")


def _marks(match: re.Match[str]) -> str:
    """Accents that stand as characters of their own stay, all other signs go."""
    return match.group() if unicodedata.category(match.group()).startswith("M") else ""
