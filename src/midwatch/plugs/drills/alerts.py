"""Which alerts fire in Prometheus right now, asked again and again."""

from __future__ import annotations

import json
import threading

from midwatch.base import clock
from midwatch.plugs.steps import exchange

EVERY_SECONDS = 0.5
PATIENCE = 2.0
SILENT_SECONDS = 10.0
LONGEST = 4_000_000
OK = 200


class Alerts:
    """What Prometheus says, kept fresh beside everything else."""

    def __init__(self, url: str, ticks: clock.Clock) -> None:
        self._address = f"{url.rstrip('/')}/api/v1/alerts"
        self._ticks = ticks
        self._firing: frozenset[str] = frozenset()
        self._heard = ticks.monotonic() - SILENT_SECONDS
        self._closed = threading.Event()
        self._ask()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def answers(self) -> bool:
        """Whether Prometheus has said anything lately."""
        return self._ticks.monotonic() - self._heard < SILENT_SECONDS

    def fires(self, name: str) -> bool:
        """Whether that alert fires."""
        return name in self._firing

    def close(self) -> None:
        """Ask no more."""
        self._closed.set()
        self._thread.join(PATIENCE)

    def _follow(self) -> None:
        while not self._closed.wait(EVERY_SECONDS):
            self._ask()

    def _ask(self) -> None:
        request = exchange.Request("GET", self._address, seconds=PATIENCE)
        try:
            answer = exchange.send(request, longest=LONGEST)
            if answer.status == OK:
                self._firing = read(answer.body)
                self._heard = self._ticks.monotonic()
        except (exchange.NotSentError, exchange.NoAnswerError, ValueError, KeyError, TypeError):
            return


def read(body: bytes) -> frozenset[str]:
    """The names of the alerts that fire, by the answer of `/api/v1/alerts`."""
    found = json.loads(body)["data"]["alerts"]
    return frozenset(
        str(each["labels"]["alertname"]) for each in found if each["state"] == "firing"
    )
