"""A test page: through the real outbox and the real channels, to see it arrive before the night."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from midwatch.access import model as who
from midwatch.app import (
    channels,
    serve_settings,
    serving,
    settings,
    toml_fields,
    watch_settings,
    watching,
)
from midwatch.base import clock, errors, ids
from midwatch.db import sole
from midwatch.engine.watch import sending
from midwatch.incidents import delivery, messages, outbox
from midwatch.incidents import store as incidents
from midwatch.oncall import model

LOOK_EVERY = 0.2
PATIENCE = 45.0
"""A watch that runs has this long to send it; a mail server may take twenty seconds."""
UNCLAIMED = 3.0
"""A message that nobody has begun after so long is sent from here."""


@dataclasses.dataclass(frozen=True, slots=True)
class Tested:
    """One way of a person, and what became of the page."""

    letter: outbox.Letter
    seconds: float
    here: bool
    """It was sent from here: no watch runs, or it did not begin."""


@dataclasses.dataclass(frozen=True, slots=True)
class Means:
    """What it is sent with."""

    senders: Mapping[str, sending.Send]
    ticks: clock.Clock
    unclaimed: float = UNCLAIMED
    """Seconds that a watch which runs has to begin; none where it is known that none runs."""


def page(asking: watching.Asking, person: str, channel: str | None, means: Means) -> list[Tested]:
    """Send a test page by every way of a person, or by one."""
    asking.require(who.Action.RESPOND, f"a test page to {person}")
    ways = _ways(asking, person, channel)
    wanted = [_message(asking, person, way) for way in ways]
    asking.where.write(*incidents.sending(wanted, asking.now))
    keys = [each.key for each in wanted]
    return _sent(asking, keys, means)


def _ways(asking: watching.Asking, name: str, channel: str | None) -> Sequence[model.Way]:
    people = asking.given.directory.people
    if name not in people:
        hint = toml_fields.near(name, sorted(people))
        raise errors.UserError(f"There is no person “{name[:80]}” {hint}.")
    ways = people[name].ways
    chosen = [way for way in ways if channel is None or way.channel == channel]
    if not chosen:
        hint = toml_fields.near(channel or "", [way.channel for way in ways])
        raise errors.UserError(f"{name} is not told by {channel} {hint}.")
    return chosen


def _message(asking: watching.Asking, person: str, way: model.Way) -> messages.Message:
    mark = ids.run_id(asking.now)
    return messages.Message(
        key=f"test/{person}/{way.channel}/{mark}",
        incident=None,
        person=person,
        channel=way.channel,
        address=way.address,
        kind=messages.Kind.TEST,
        body={
            "title": "nothing is wrong",
            "why": f"{asking.actor.name} checks that pages reach you. Nothing is asked of you.",
            "because": f"midwatch page {person}",
        },
        due_at=asking.now,
    )


def _sent(asking: watching.Asking, keys: Sequence[str], means: Means) -> list[Tested]:
    """Wait for a watch that runs; what it does not begin is sent from here."""
    ticks = means.ticks
    began = ticks.monotonic()
    here: set[str] = set()
    done: dict[str, Tested] = {}
    while len(done) < len(keys) and ticks.monotonic() - began < PATIENCE:
        waited = ticks.monotonic() - began
        for letter in _letters(asking, keys):
            if letter.key in done:
                continue
            if letter.attempts and letter.state is not messages.Delivery.SENDING:
                done[letter.key] = Tested(letter, waited, letter.key in here)
            elif not letter.attempts and waited >= means.unclaimed:
                here.add(letter.key)
                _send_here(asking, letter, means)
        if len(done) < len(keys):
            ticks.sleep(LOOK_EVERY)
    waited = ticks.monotonic() - began
    rest = [each for each in _letters(asking, keys) if each.key not in done]
    done |= {each.key: Tested(each, waited, each.key in here) for each in rest}
    asking.where.write(*(outbox.ending_test(each.letter.id) for each in done.values()))
    return [_judged(done[key]) for key in keys]


def _judged(tested: Tested) -> Tested:
    """A test is tried once: what was put off has not arrived."""
    if tested.letter.state is not messages.Delivery.WAITING or not tested.letter.attempts:
        return tested
    dead = dataclasses.replace(tested.letter, state=messages.Delivery.DEAD)
    return dataclasses.replace(tested, letter=dead)


def _letters(asking: watching.Asking, keys: Sequence[str]) -> list[outbox.Letter]:
    wanted = set(keys)
    return [each for each in outbox.listed(asking.where, limit=500) if each.key in wanted]


def _send_here(asking: watching.Asking, letter: outbox.Letter, means: Means) -> None:
    now = means.ticks.now() + datetime.timedelta(seconds=1)
    for each in outbox.due(asking.where, letter.channel, now, 500):
        if each.id == letter.id:
            send = means.senders.get(letter.channel, _not_set_up)
            sending.send_one(asking.where, each, send, means.ticks)


def _not_set_up(message: messages.Message) -> delivery.Attempt:
    return delivery.Never(f"[channels.{message.channel}] is not set up")


def means(found: settings.Settings, environment: Mapping[str, str]) -> Means:
    """The channels as midwatch.toml sets them up, and how long a watch that runs is waited for."""
    ticks = clock.SystemClock()
    watch, serve = found.watch or watch_settings.Watch(), found.serve or serve_settings.Serve()
    around = channels.Surroundings(environment, ticks, serving.own_addresses(serve))
    made = channels.made(watch.channels, around)
    file = serving.file_of(serving.database(serve, environment))
    idle = file is not None and not sole.is_held(file)
    return Means(channels.senders(made), ticks, 0.0 if idle else UNCLAIMED)
