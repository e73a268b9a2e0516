"""What a process worked out lately: whoever edits a document asks about the same blocks again."""

from __future__ import annotations

from collections.abc import Hashable, Sized
from typing import Generic, TypeVar

MOST = 500_000
"""Characters of text whose results are kept: dozens of documents."""
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Lately(Generic[Key, Value]):
    """Results by what they were made of; the oldest go when there are too many."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: dict[Key, tuple[Value, int]] = {}
        self._most = most
        self._size = 0

    def find(self, key: Key) -> Value | None:
        """What was made of it lately; what is asked for is forgotten last."""
        found = self._kept.pop(key, None)
        if found is None:
            return None
        self._kept[key] = found
        return found[0]

    def keep(self, key: Key, value: Value, text: Sized) -> None:
        """Keep what was made of a text."""
        self._size += len(text) - self._kept.pop(key, (None, 0))[1]
        self._kept[key] = value, len(text)
        while self._size > self._most:
            _, size = self._kept.pop(next(iter(self._kept)))
            self._size -= size
