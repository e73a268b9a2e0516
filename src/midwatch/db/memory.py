"""What was read or written lately is remembered: never the truth, only where to go on from."""

from __future__ import annotations

import collections
import threading
from typing import Any

MOST = 1000


class Memory:
    """The things asked for last, by name; the others are forgotten. Threads may share it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: collections.OrderedDict[str, Any] = collections.OrderedDict()
        self._turn = threading.Lock()

    def recall(self, name: str) -> Any | None:  # noqa: ANN401  (whatever its owner kept)
        """What was kept under that name."""
        with self._turn:
            if name not in self._known:
                return None
            self._known.move_to_end(name)
            return self._known[name]

    def keep(self, name: str, thing: object) -> None:
        """Keep it, and forget what was not asked for the longest."""
        with self._turn:
            self._known[name] = thing
            self._known.move_to_end(name)
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def forget(self, name: str) -> None:
        """Let go of it, where it is known."""
        with self._turn:
            self._known.pop(name, None)
