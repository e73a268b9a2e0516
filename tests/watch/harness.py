"""A watch with a clock that is moved by hand, and channels that only remember.

Any message that a test does not expect fails it when it ends.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from midwatch.alerts import accepting, matching, model, silence_store, silences
from midwatch.db import store
from midwatch.engine.watch import arrangements, responding, sending, turn
from midwatch.incidents import acts, delivery, events, messages, outbox, policy
from midwatch.incidents import store as incidents
from midwatch.oncall import directory
from midwatch.oncall import model as oncall

BEGIN = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
STEP = datetime.timedelta(seconds=15)


def person(name: str, *ways: str) -> oncall.Person:
    """Somebody with ways such as `slack`, `sms after 5`."""
    return oncall.Person(name, name.title(), tuple(_way(name, text) for text in ways or ("slack",)))


def _way(name: str, text: str) -> oncall.Way:
    channel, _, minutes = text.partition(" after ")
    return oncall.Way(channel, f"{channel}:{name}", float(minutes or 0) * MINUTE)


def levels(*whom: str, every: float = 15) -> policy.Policy:
    """One level after another, so many minutes apart."""
    made = tuple(policy.Level(number * every * MINUTE, (word,)) for number, word in enumerate(whom))
    return policy.Policy("test", made)


TWO_LEVELS = arrangements.Arrangements(
    directory=directory.Directory(
        people={each.id: each for each in (person("ana"), person("bo"), person("cleo"))}
    ),
    default_policy=levels("person:ana", "person:bo"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Got:
    """A message that an end received."""

    minute: float
    person: str
    channel: str
    kind: str
    body: Mapping[str, object]


class KilledError(Exception):
    """`kill -9`, as far as a test can do it in its own process."""


class Mortal:
    """The store of a process that is killed instead of its n-th write."""

    def __init__(self, where: store.Store, writes: int) -> None:
        self._where = where
        self._left = writes
        self.memory = where.memory

    def rows(self, query: str, values: store.Values | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._where.rows(query, values)

    def write(self, *statements: store.Statement) -> bool:
        """Write it, or die."""
        if self._left == 0:
            raise KilledError
        self._left -= 1
        return self._where.write(*statements)

    def close(self) -> None:
        """It was not this one's."""


class Watch:
    """The real watch over a real database; only the clock and the ends are made up."""

    def __init__(self, folder: Path, given: arrangements.Arrangements = TWO_LEVELS) -> None:
        self.url = f"sqlite://{folder / 'watch.db'}"
        self.where: store.Store = store.connect(self.url)
        self.given = given
        self.time = BEGIN
        self.got: list[Got] = []
        self.silences = 0
        self.answers: dict[str, sending.Send] = {}

    def now(self) -> datetime.datetime:
        """What the hand-moved clock says."""
        return self.time

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return (self.time - BEGIN).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Nobody sleeps in a test with virtual time."""
        raise AssertionError(seconds)

    def fire(self, name: str = "QueueStuck", *, start: float | None = None, **labels: str) -> None:
        """An alert fires, and is accepted."""
        alert = self.alert(name, start=start, **labels)
        self.where.write(*accepting.accepting([alert], self.time))

    def recover(self, name: str = "QueueStuck", *, start: float = 0, **labels: str) -> None:
        """Its source says that it is over."""
        over = dataclasses.replace(
            self.alert(name, start=start, **labels),
            status=model.Status.RESOLVED,
            ended_at=self.time,
        )
        self.where.write(*accepting.accepting([over], self.time))

    def alert(self, name: str, *, start: float | None = None, **labels: str) -> model.Alert:
        """An alert that began so many minutes after the test did; now, where nothing is said."""
        began = self.time if start is None else BEGIN + start * MINUTE
        every = {"alertname": name, "severity": "critical", **labels}
        mark = "/".join(f"{key}={every[key]}" for key in sorted(every))
        return model.Alert("test", mark, name, model.Status.FIRING, began, labels=every)

    def silence(self, matcher: str, *, minutes: float, by: str = "ana") -> None:
        """Somebody silences alerts."""
        made = silences.Silence(
            f"S{self.silences}",
            self.time,
            by,
            "planned work",
            (matching.parse(matcher),),
            self.time,
            self.time + minutes * MINUTE,
        )
        self.silences += 1
        self.where.write(silence_store.adding(made))

    def advance(self, minutes: float = 0) -> None:
        """Let time go by, with a turn every few seconds as the real loop makes them."""
        until = self.time + minutes * MINUTE
        while True:
            self.turn()
            if self.time >= until:
                return
            self.time = min(self.time + STEP, until)

    def turn(self) -> None:
        """One turn, and everything sent that is due."""
        while turn.turn(self.where, self.given, self.time):
            pass
        for channel in ("slack", "sms", "email", "pagerduty"):
            while sending.send_due(self.where, channel, self._send, self):
                pass

    def killed(self, writes: int) -> bool:
        """A turn of a process that is killed before it has written so often; a new one begins.

        False where it came through.
        """
        whole = self.where
        self.where = Mortal(whole, writes)
        try:
            self.turn()
        except KilledError:
            return True
        finally:
            self.where = whole
            whole.write(outbox.recovering(self.time))
        return False

    def _send(self, message: messages.Message) -> delivery.Attempt:
        answer = self.answers.get(message.channel)
        attempt = answer(message) if answer else delivery.Accepted("taken")
        silent = message.kind is messages.Kind.STANDING and message.channel in messages.SCREENS
        if isinstance(attempt, delivery.Accepted) and not silent:
            minute = (self.time - BEGIN) / MINUTE
            self.got.append(
                Got(minute, message.person, message.channel, message.kind.value, message.body)
            )
        return attempt

    def act(self, act: acts.Act, by: str = "ana", incident: str | None = None) -> None:
        """Somebody does something about the incident."""
        name = incident or self.incident()
        responding.respond(self.where, self.given, name, act=act, by=by, now=self.time)

    def incident(self) -> str:
        """The only incident there is."""
        (row,) = incidents.listed(self.where, everything=True, limit=10)
        return row.id

    def timeline(self) -> list[events.Event]:
        """What happened to the only incident."""
        return [each.event for each in incidents.timeline(self.where, self.incident())]

    def expect(self, *wanted: str) -> None:
        """Exactly these messages arrived since the last look: `3.0 ana slack page`."""
        arrived = [f"{got.minute:g} {got.person} {got.channel} {got.kind}" for got in self.got]
        assert arrived == list(wanted)
        self.got.clear()
