"""What every channel can do, and how long it may take."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from midwatch.base import clock
from midwatch.incidents import delivery, messages

SECONDS = 10.0
"""A channel that has said nothing for so long is away; the lease of the outbox is longer."""
SLOW = 3.0
AWAY = 15.0
"""After a slow failure nothing is tried there for so long: what waits behind it is told at once,
and goes another way, instead of waiting for one timeout after the other."""
MOST_HANGING = 8
"""More calls than this that never came back, and the channel is not called again for a while."""


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """Whether a channel would take a message now, as far as it tells without one."""

    fine: bool
    told: str


class Channel(Protocol):
    """Carries one message; never raises."""

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Hand the message over."""

    def check(self) -> Checked:
        """Prove address and credentials without sending anything."""


@runtime_checkable
class Telling(Protocol):
    """A channel that takes a message first, and can be asked later whether it arrived."""

    def follow(self, receipt: str) -> delivery.Fate:
        """What became of the message; never raises."""


class Limited:
    """A channel that always comes back in time: what hangs is left behind in its own thread."""

    def __init__(
        self,
        name: str,
        inner: Channel,
        ticks: clock.Clock,
        *,
        seconds: float = SECONDS,
        place: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._name = name
        self._inner = inner
        self._ticks = ticks
        self._seconds = seconds
        self._place = place
        self._hanging: list[threading.Thread] = []
        self._away: dict[str, float] = {}

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Hand the message over; a channel that hangs is one that is away."""
        self._hanging = [each for each in self._hanging if each.is_alive()]
        if len(self._hanging) >= MOST_HANGING:
            return delivery.Later(f"{self._name} hangs: {len(self._hanging)} calls never came back")
        place, began = self._place(message.address), self._ticks.monotonic()
        if began < self._away.get(place, began):
            return delivery.Later(f"{self._name} was too slow a moment ago")
        attempt = self._sent(message)
        took = self._ticks.monotonic() - began
        if isinstance(attempt, delivery.Later) and took >= min(SLOW, self._seconds):
            self._away[place] = began + took + AWAY
        return attempt

    def _sent(self, message: messages.Message) -> delivery.Attempt:
        given: list[delivery.Attempt] = []
        if not self._in_time(lambda: given.append(self._inner.send(message))):
            return delivery.Later(f"{self._name} said nothing for {self._seconds:g} s")
        return given[0] if given else delivery.Later(f"{self._name} failed: a bug in Midwatch")

    @property
    def follow(self) -> Callable[[str], delivery.Fate] | None:
        """How to ask after a message that was accepted, where the channel can tell."""
        inner = self._inner
        return inner.follow if isinstance(inner, Telling) else None

    def check(self) -> Checked:
        """The channel's own check, within the same limit."""
        given: list[Checked] = []
        if not self._in_time(lambda: given.append(self._inner.check())):
            return Checked(fine=False, told=f"said nothing for {self._seconds:g} s")
        return given[0] if given else Checked(fine=False, told="failed: a bug in Midwatch")

    def _in_time(self, call: Callable[[], None]) -> bool:
        thread = threading.Thread(target=call, name=f"midwatch-{self._name}", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if thread.is_alive():
            self._hanging.append(thread)
            return False
        return True
