"""Asks twice a second whether this process still keeps the watch."""

from __future__ import annotations

import threading
from collections.abc import Callable

from midwatch.db import claim

EVERY = 0.5


class Keeper:
    """A thread that confirms the claim; where it is lost, `lost` ends the process at once."""

    def __init__(
        self, held: claim.Claim, lost: Callable[[], None], sure: Callable[[], None]
    ) -> None:
        self._held = held
        self._lost = lost
        self._sure = sure
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="midwatch-claim")

    def start(self) -> None:
        """Begin, as soon as it is taken."""
        self._thread.start()

    def close(self) -> None:
        """Ask no more, and let go: nothing is sent any more."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._held.release()

    def _go_on(self) -> None:
        while not self._closing.wait(EVERY):
            if not self._held.confirm():
                self._lost()
                return
            if self._held.is_sure():
                self._sure()
