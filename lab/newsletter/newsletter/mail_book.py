"""What the stand-in for the mail provider has delivered, kept through its own restarts."""

from __future__ import annotations

import collections
import json
import uuid
from pathlib import Path
from typing import Any


class Book:
    """Each idempotency key is delivered once, to one address; a line of a file says so."""

    def __init__(self, path: Path) -> None:
        self._names: dict[str, str] = {}
        self._inbox: collections.Counter[str] = collections.Counter()
        self._campaigns: collections.Counter[str] = collections.Counter()
        self._repeats = 0
        for line in path.read_text().splitlines() if path.exists() else []:
            self._count(*json.loads(line))
        self._file = path.open("a", buffering=1)

    def deliver(self, key: str, to: str) -> str:
        """Deliver a mail unless its key was delivered; the name it has here comes back."""
        if key in self._names:
            self._repeats += 1
            return self._names[key]
        name = str(uuid.uuid4())
        self._file.write(json.dumps([key, to, name]) + "\n")
        self._count(key, to, name)
        return name

    def _count(self, key: str, to: str, name: str) -> None:
        self._names[key] = name
        self._inbox[to] += 1
        self._campaigns[key.partition("/")[0]] += 1

    def of(self, address: str) -> int:
        """How many mails an address got."""
        return self._inbox[address]

    def summary(self) -> dict[str, object]:
        """How much was delivered, and whether anybody got too much."""
        most: Any = self._inbox.most_common(1)
        return {
            "mails": sum(self._inbox.values()),
            "addresses": len(self._inbox),
            "most_for_one_address": most[0][1] if most else 0,
            "repeats_not_delivered": self._repeats,
            "campaigns": dict(self._campaigns),
        }

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
