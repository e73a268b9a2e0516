"""Messages out of the outbox: handed to their channel, and what came of it written down."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias

from midwatch.base import clock, errors
from midwatch.db import store
from midwatch.engine.watch import recording
from midwatch.incidents import delivery, events, messages, model, outbox, throttle
from midwatch.incidents import state as states

LOG = logging.getLogger(__name__)
BATCH = 20
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds between tries to write down what was sent."""
LOOK = 500
"""So many are looked at together, to see which of them go out in one message."""
Send: TypeAlias = Callable[[messages.Message], delivery.Attempt]
"""Hands one message to its channel; never raises, and comes back within the channel's limit."""


def send_due(
    where: store.Store,
    channel: str,
    send: Send,
    ticks: clock.Clock,
    *,
    may: Callable[[], bool] = lambda: True,
) -> int:
    """Send what the channel has to send now, while we may; how many tries that were."""
    now = ticks.now()
    where.write(outbox.standing_down(now))
    due = outbox.due(where, channel, now, LOOK)
    lately = outbox.lately(where, channel, now - throttle.WINDOW) if due else {}
    tries = 0
    for step in throttle.plan(channel, due, lately, now):
        if not may():
            break
        match step:
            case throttle.Hold(each, until, why):
                where.write(outbox.holding(each, until, why))
            case throttle.Drop(each):
                where.write(outbox.dropping(each))
            case throttle.Send(each):
                tries += 1
                send_one(where, each, send, ticks)
            case throttle.Bundle():
                tries += 1
                _try_bundle(where, step, send, ticks)
        if tries >= BATCH:
            break
    return tries


def send_one(where: store.Store, each: outbox.Due, send: Send, ticks: clock.Clock) -> None:
    """Hand one message over, and write down what came of it."""
    now = ticks.now()
    where.write(outbox.beginning(each, now))
    if not outbox.is_begun(where, each, now):
        return
    attempt = send(each.message)
    _insist(lambda: _settle(where, each, attempt, ticks.now()), ticks)


def _try_bundle(
    where: store.Store, bundle: throttle.Bundle, send: Send, ticks: clock.Clock
) -> None:
    """One try counts for all; where it fails each goes its own way."""
    now = ticks.now()
    where.write(*(outbox.beginning(each, now) for each in bundle.parts))
    parts = [each for each in bundle.parts if outbox.is_begun(where, each, now)]
    if not parts:
        return
    whole = len(parts) == len(bundle.parts)
    message = bundle.message if whole else _what_is_left(parts, ticks.now())
    attempt = send(message)
    if isinstance(attempt, delivery.Accepted):
        taken = outbox.bundled(parts, attempt.receipt, bundle.why, ticks.now())
        _insist(lambda: where.write(taken), ticks)
        return
    for each in parts:
        _settle(where, each, attempt, ticks.now())


def _insist(write: Callable[[], object], ticks: clock.Clock) -> None:
    """What was handed over is written down, also where the database is away for a minute.

    Else it would be handed over once more, although nothing crashed.
    """
    for pause in PAUSES:
        try:
            write()
        except errors.StoreError as error:
            LOG.warning("what was sent is not written down yet: %s", error.message)
            ticks.sleep(pause)
        else:
            return
    write()


def _what_is_left(parts: Sequence[outbox.Due], now: datetime.datetime) -> messages.Message:
    """The bundle without what was taken back meanwhile."""
    return throttle.bundle([each.message for each in parts], now)


def _settle(
    where: store.Store,
    each: outbox.Due,
    attempt: delivery.Attempt,
    now: datetime.datetime,
) -> None:
    after = delivery.after(attempt, each.attempts + 1, each.created_at, now)
    written = [outbox.ended(each, after, now)]
    trouble = _trouble(after) if each.message.kind is messages.Kind.PAGE else None
    if trouble is None:
        where.write(*written)
        return
    go_another_way(where, each.message, trouble, now, *written)


def go_another_way(
    where: store.Store,
    message: messages.Message,
    trouble: str,
    now: datetime.datetime,
    *also: store.Statement,
) -> None:
    """Let the person's next way be due now; where there is none, the next level.

    It is one transaction with what became of this try: a crash delays nobody.
    """
    other = outbox.untried(where, message)
    if other is not None:
        reason = f"{message.channel} does not take it: {trouble}"
        where.write(*also, outbox.hastening(other, reason, now))
    elif message.incident is None or outbox.reached(where, message):
        where.write(*also)
    else:
        _escalate(where, message, trouble, now, *also)


def _trouble(after: delivery.After) -> str | None:
    """Why another way is needed now; None where it is not."""
    match after:
        case delivery.GiveUp(why):
            return why
        case delivery.Again(_, why, fallback) if fallback:
            return why
        case _:
            return None


def _escalate(
    where: store.Store,
    message: messages.Message,
    why: str,
    now: datetime.datetime,
    *also: store.Statement,
) -> None:
    """Nothing reaches the person: the next level is due at once."""

    def unreached(state: states.State) -> Sequence[events.Event]:
        if state.status is not model.Status.OPEN or not state.reached:
            return ()
        return (events.Unreached(message.person, why),)

    recording.record(where, message.incident or "", unreached, now, *also)
