"""Whether two names are one person's; in doubt they are."""

from __future__ import annotations

import unicodedata


def key(name: str) -> str:
    """The same for all ways to write one name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def same(one: str, other: str) -> bool:
    """Whether both are the same person; nobody is the same as nobody."""
    return bool(key(one)) and key(one) == key(other)
