"""The lines of metadata above a document."""

from __future__ import annotations

from midwatch.base import lazy

ENTRY = lazy.pattern(r"([A-Za-z][\w .-]{0,60}?)\s*:\s*(\S.*)$")


def read(text: str) -> dict[str, str]:
    """Each `key: value` of the front matter; nested values are left out."""
    found = {}
    for line in text.split("\n"):
        match = ENTRY.match(line)
        if match:
            found[match.group(1)] = match.group(2).strip().strip("\"'")
    return found
