"""Messages on disk until a channel has taken them; what it never took is listed, and replayable."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from midwatch.db import moments, named, store
from midwatch.incidents import delivery, messages

QUERIES = named.load(Path(__file__).with_name("outbox.sql"))
LEASE = datetime.timedelta(seconds=30)
"""A try that says nothing for so long counts as lost: the message is handed over again."""
FOLLOWED = frozenset({"sms"})
"""Channels that take a message first, and tell later whether it arrived."""
BUNDLE = "bundle "
"""What stands before the receipt of a message that went out with others."""
FOLLOW_EVERY = datetime.timedelta(seconds=15)
FOLLOW_FOR = datetime.timedelta(minutes=15)


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A message whose time has come."""

    id: int
    message: messages.Message
    created_at: datetime.datetime
    attempts: int
    """Tries before this one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Followed:
    """A message that was accepted, and may still be lost."""

    due: Due
    kept: str
    """The receipt as it is kept."""
    sent_at: datetime.datetime

    @property
    def receipt(self) -> str:
        """The receipt as the channel gave it."""
        return self.kept.removeprefix(BUNDLE)


@dataclasses.dataclass(frozen=True, slots=True)
class Letter:
    """One message in a list."""

    id: int
    key: str
    incident: str | None
    person: str
    channel: str
    address: str
    kind: messages.Kind
    state: messages.Delivery
    created_at: datetime.datetime
    due_at: datetime.datetime
    attempts: int
    sent_at: datetime.datetime | None
    receipt: str
    reason: str


def channels(where: store.Store, now: datetime.datetime) -> list[str]:
    """The channels that have something to send."""
    return [row[0] for row in where.rows(QUERIES["channels"], {"now": moments.write(now)})]


def due(where: store.Store, channel: str, now: datetime.datetime, limit: int) -> list[Due]:
    """What the channel has to send now: pages first."""
    values = {"now": moments.write(now), "channel": channel, "limit": limit}
    return [_due(*row) for row in where.rows(QUERIES["due"], values)]


def _due(*row: Any) -> Due:  # noqa: ANN401  (columns of the query)
    created = moments.read(row[8])
    message = messages.Message(
        key=row[1],
        incident=row[2],
        person=row[3],
        channel=row[4],
        address=row[5],
        kind=messages.Kind(row[6]),
        body=json.loads(row[7]),
        due_at=created,
        thread=row[10],
    )
    return Due(row[0], message, created, row[9])


def lately(
    where: store.Store, channel: str, since: datetime.datetime
) -> dict[str, list[datetime.datetime]]:
    """When each address got a message of its own since then."""
    found: dict[str, list[datetime.datetime]] = {}
    values = {"channel": channel, "since": moments.write(since)}
    for address, sent_at in where.rows(QUERIES["lately"], values):
        found.setdefault(address, []).append(moments.read(sent_at))
    return found


def holding(each: Due, until: datetime.datetime, why: str) -> store.Statement:
    """It waits a little; an acknowledgement takes it back like any other."""
    values = {"id": each.id, "until": moments.write(until), "reason": why}
    return (QUERIES["hold"], values)


def dropping(each: Due) -> store.Statement:
    """It says nothing to anybody, and is forgotten."""
    return (QUERIES["drop"], {"id": each.id})


def bundled(
    parts: Sequence[Due], receipt: str, why: str, now: datetime.datetime
) -> store.Statement:
    """They went out in one message; what follows of each has no thread there."""
    sent = {
        "now": moments.write(now),
        "receipt": f"{BUNDLE}{receipt}".strip(),
        "follow_at": moments.maybe(_follow_at(parts[0], now)),
    }
    first = {"id": parts[0].id, "reason": "", **sent}
    others = [{"id": each.id, "reason": why, **sent} for each in parts[1:]]
    return (QUERIES["bundled"], [first, *others])


def standing_down(now: datetime.datetime) -> store.Statement:
    """Take back the later tries of pages that somebody has answered meanwhile."""
    return (QUERIES["stand down"], {"now": moments.write(now)})


def beginning(each: Due, now: datetime.datetime) -> store.Statement:
    """It is handed over now, unless somebody took it back, or does that, since it was looked at."""
    values = {"id": each.id, "now": moments.write(now), "lease": moments.write(now + LEASE)}
    return (QUERIES["begin"], values)


def is_begun(where: store.Store, each: Due, now: datetime.datetime) -> bool:
    """Whether it is handed over from here since then, and by nobody else."""
    lease = moments.write(now + LEASE)
    values = {"id": each.id, "lease": lease, "attempts": each.attempts + 1}
    return bool(where.rows(QUERIES["begun"], values)[0][0])


def ended(each: Due, after: delivery.After, now: datetime.datetime) -> store.Statement:
    """What became of the try."""
    match after:
        case delivery.Done(receipt):
            values = {"id": each.id, "now": moments.write(now), "receipt": receipt}
            follow_at = moments.maybe(_follow_at(each, now))
            return (QUERIES["sent"], {**values, "follow_at": follow_at})
        case delivery.Again(at, why, _):
            return (
                QUERIES["again"],
                {"id": each.id, "due_at": moments.write(at), "reason": why},
            )
        case delivery.GiveUp(why):
            return (QUERIES["dead"], {"id": each.id, "reason": why})


def _follow_at(each: Due, now: datetime.datetime) -> datetime.datetime | None:
    return now + FOLLOW_EVERY if each.message.channel in FOLLOWED else None


def to_follow(
    where: store.Store, channel: str, now: datetime.datetime, limit: int
) -> list[Followed]:
    """What was accepted and is asked after now."""
    values = {"channel": channel, "now": moments.write(now), "limit": limit}
    rows = where.rows(QUERIES["to follow"], values)
    return [Followed(_due(*row[:11]), row[11], moments.read(row[12])) for row in rows]


def followed(each: Followed, fate: delivery.Fate, now: datetime.datetime) -> store.Statement:
    """What became of it, or when it is asked after again."""
    match fate:
        case delivery.Arrived(receipt):
            kept = each.kept.removesuffix(each.receipt) + receipt
            return (QUERIES["arrived"], {"id": each.due.id, "receipt": kept})
        case delivery.Lost(why):
            return (QUERIES["lost"], {"id": each.due.id, "reason": why})
        case delivery.OnItsWay():
            over = now - each.sent_at >= FOLLOW_FOR
            again = moments.maybe(None if over else now + FOLLOW_EVERY)
            return (QUERIES["follow"], {"id": each.due.id, "follow_at": again})


def untried(where: store.Store, message: messages.Message) -> int | None:
    """The person's next way for this incident that was not tried yet."""
    values = {"incident": message.incident, "person": message.person}
    rows = where.rows(QUERIES["untried"], values)
    return int(rows[0][0]) if rows else None


def reached(where: store.Store, message: messages.Message) -> bool:
    """Whether the same page has reached the person by another way."""
    values = {
        "incident": message.incident,
        "person": message.person,
        "key": message.key,
        "created_at": moments.write(message.due_at),
    }
    return bool(where.rows(QUERIES["reached"], values)[0][0])


def hastening(letter: int, reason: str, now: datetime.datetime) -> store.Statement:
    """Send it now, not when it would be due."""
    values = {"id": letter, "reason": reason, "now": moments.write(now)}
    return (QUERIES["hasten"], values)


def recovering(now: datetime.datetime) -> store.Statement:
    """After a crash: what was being handed over is handed over again, under the same key."""
    return (QUERIES["recover"], {"now": moments.write(now)})


def bringing_forward(now: datetime.datetime) -> store.Statement:
    """Send now what was put off by a clock that was set back since: rather early than late."""
    return (QUERIES["bring forward"], {"now": moments.write(now)})


def replaying(letter: int, by: str, now: datetime.datetime) -> store.Statement:
    """Send a dead letter again."""
    return (QUERIES["replay"], {"id": letter, "by": by, "now": moments.write(now)})


def listed(
    where: store.Store, *, state: str = "", incident: str = "", limit: int = 100
) -> list[Letter]:
    """Messages, the newest first."""
    values = {"state": state, "incident": incident, "limit": limit}
    return [_letter(*row) for row in where.rows(QUERIES["list"], values)]


def ending_test(letter: int) -> store.Statement:
    """A test that did not arrive is not tried for hours, and is no dead letter."""
    return (QUERIES["end test"], {"id": letter})


def because(where: store.Store, incident: str) -> dict[int, str]:
    """Why each page of an incident went to whom it went, by the number of the message."""
    rows = where.rows(QUERIES["pages of"], {"incident": incident})
    return {row[0]: str(json.loads(row[1]).get("because") or "") for row in rows}


def find(where: store.Store, letter: int) -> Letter | None:
    """The message of that number."""
    rows = where.rows(QUERIES["find"], {"id": letter})
    return _letter(*rows[0]) if rows else None


def _letter(*row: Any) -> Letter:  # noqa: ANN401  (columns of the query)
    return Letter(
        id=row[0],
        key=row[1],
        incident=row[2],
        person=row[3],
        channel=row[4],
        address=row[5],
        kind=messages.Kind(row[6]),
        state=messages.Delivery(row[7]),
        created_at=moments.read(row[8]),
        due_at=moments.read(row[9]),
        attempts=row[10],
        sent_at=moments.read_maybe(row[11]),
        receipt=row[12],
        reason=row[13],
    )


def counts(where: store.Store) -> Mapping[str, int]:
    """How many messages stand where."""
    return {row[0]: row[1] for row in where.rows(QUERIES["count"])}


def late(where: store.Store, limit: datetime.datetime) -> int:
    """How many messages should have moved before that moment."""
    return int(where.rows(QUERIES["late"], {"limit": moments.write(limit)})[0][0])
