"""Messages out of the outbox: handed to their channel, and what came of it written down."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TypeAlias

from midwatch.base import clock
from midwatch.db import store
from midwatch.engine.watch import recording
from midwatch.incidents import delivery, events, messages, model, outbox
from midwatch.incidents import state as states

BATCH = 20
Send: TypeAlias = Callable[[messages.Message], delivery.Attempt]
"""Hands one message to its channel; never raises, and comes back within the channel's limit."""


def send_due(where: store.Store, channel: str, send: Send, ticks: clock.Clock) -> int:
    """Send what the channel has to send now; how many tries that were."""
    now = ticks.now()
    where.write(outbox.standing_down(now))
    due = outbox.due(where, channel, now, BATCH)
    for each in due:
        where.write(outbox.beginning(each, ticks.now()))
        attempt = send(each.message)
        _settle(where, each, attempt, ticks.now())
    return len(due)


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
    other = outbox.untried(where, each.message)
    if other is not None:
        reason = f"{each.message.channel} does not take it: {trouble}"
        written.append(outbox.hastening(other, reason, now))
    where.write(*written)
    if other is None:
        _escalate(where, each.message, trouble, now)


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
) -> None:
    """Nothing reaches the person: the next level is due at once."""
    if message.incident is None:
        return

    def unreached(state: states.State) -> Sequence[events.Event]:
        if state.status is not model.Status.OPEN or not state.reached:
            return ()
        return (events.Unreached(message.person, why),)

    recording.record(where, message.incident, unreached, now)
