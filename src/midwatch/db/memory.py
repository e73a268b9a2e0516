"""What one connection remembers of what it read: never the truth, only where to read on from."""

from __future__ import annotations

import collections
from typing import Any

MOST = 1000


class Memory:
    """The things asked for last, by name; the others are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: collections.OrderedDict[str, Any] = collections.OrderedDict()

    def recall(self, name: str) -> Any | None:  # noqa: ANN401  (whatever its owner kept)
        """What was kept under that name."""
        if name not in self._known:
            return None
        self._known.move_to_end(name)
        return self._known[name]

    def keep(self, name: str, thing: object) -> None:
        """Keep it, and forget what was not asked for the longest."""
        self._known[name] = thing
        self._known.move_to_end(name)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
