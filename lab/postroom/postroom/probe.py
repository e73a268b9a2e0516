"""Looks at Postroom as its users do: they post a letter, and it is delivered.

`./probe letters` prints one JSON object a line, every 250 ms, until it is ended: `{"ok", "why"}`.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import sys
import time
from http import HTTPStatus

from postroom import client, home
from postroom.home import Home, TroubleError

EVERY = 0.25
WITHIN = 3.0
"""A letter is delivered in this time, or somebody asks where it is."""
READER = {"to": "probe@readers.example", "subject": "Are you there?", "body": "Good evening.\n"}


@dataclasses.dataclass(slots=True)
class Letters:
    """The letters that the probe has posted, and when one arrived that was posted last."""

    home: Home
    newest: float
    waiting: collections.deque[tuple[float, int]] = dataclasses.field(
        default_factory=lambda: collections.deque(maxlen=400)
    )

    def look(self) -> str:
        """Post one and ask for those before; what a user would complain about, or nothing."""
        reply = client.post(self.home, "/letters", READER)
        if reply.status != HTTPStatus.ACCEPTED:
            return f"a letter was refused: HTTP {reply.status}"
        now = time.monotonic()
        self.waiting.append((now, int(json.loads(reply.body)["letters"][0])))
        while self.waiting and self.is_delivered(self.waiting[0][1]):
            self.newest = max(self.newest, self.waiting.popleft()[0])
        return f"no letter was delivered for {WITHIN:g} s" if now > self.newest + WITHIN else ""

    def is_delivered(self, number: int) -> bool:
        """Whether the relay has it."""
        reply = client.get(self.home, f"/letters/{number}")
        return reply.is_good and json.loads(reply.body)["state"] == "delivered"


def main() -> None:
    """Look for ever."""
    if sys.argv[1:] != ["letters"]:
        sys.exit("probe: it knows one kind of look: letters")
    letters = Letters(home.from_environment(), time.monotonic())
    while True:
        began = time.monotonic()
        try:
            why = letters.look()
        except TroubleError as trouble:
            why = str(trouble)
        print(json.dumps({"ok": not why, "why": why}), flush=True)
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


if __name__ == "__main__":
    main()
