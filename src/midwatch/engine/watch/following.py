"""Messages that a channel took: did they arrive? What was lost goes another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from midwatch.base import clock
from midwatch.db import store
from midwatch.engine.watch import sending
from midwatch.incidents import delivery, messages, outbox

BATCH = 20
Follow: TypeAlias = Callable[[str], delivery.Fate]
"""Asks after one receipt; never raises."""


def follow_due(where: store.Store, channel: str, follow: Follow, ticks: clock.Clock) -> int:
    """Ask after what was accepted; how many were asked after."""
    waiting = outbox.to_follow(where, channel, ticks.now(), BATCH)
    for each in waiting:
        fate = follow(each.receipt)
        written = outbox.followed(each, fate, ticks.now())
        message = each.due.message
        if isinstance(fate, delivery.Lost) and message.kind is messages.Kind.PAGE:
            sending.go_another_way(where, message, fate.why, ticks.now(), written)
        else:
            where.write(written)
    return len(waiting)
