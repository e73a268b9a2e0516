"""Many messages to one address: the first pages go alone, the flood behind them as one message.

Somebody who has had three pages within a minute is awake; what follows reaches them within half a
minute, in one piece that can be read.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from midwatch.base import counted
from midwatch.incidents import messages, outbox

WINDOW = datetime.timedelta(minutes=1)
PATIENCE = datetime.timedelta(seconds=30)
"""A page is never held longer than this."""
MOST_LINES = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """How many messages to one address within a minute go out alone."""

    pages: int
    others: int


LIMITS = {
    "slack": Limit(pages=10, others=10),
    "email": Limit(pages=10, others=6),
    "sms": Limit(pages=3, others=2),
    "apprise": Limit(pages=5, others=3),
}
"""Channels that people read; what a machine reads is not bundled."""


@dataclasses.dataclass(frozen=True, slots=True)
class Send:
    """It goes out now, alone."""

    due: outbox.Due


@dataclasses.dataclass(frozen=True, slots=True)
class Bundle:
    """All of them go out now, as one message."""

    message: messages.Message
    parts: tuple[outbox.Due, ...]
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Hold:
    """It waits, and this is why."""

    due: outbox.Due
    until: datetime.datetime
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Drop:
    """It follows something that was never sent: there is nothing to say."""

    due: outbox.Due


Step: TypeAlias = Send | Bundle | Hold | Drop


def plan(
    channel: str,
    due: Sequence[outbox.Due],
    lately: Mapping[str, Sequence[datetime.datetime]],
    now: datetime.datetime,
) -> Iterator[Step]:
    """What becomes of each message that is due; `lately` is what each address got within WINDOW."""
    limit = LIMITS.get(channel)
    orphans = [each for each in due if _follows(each) and not each.message.thread]
    yield from map(Drop, orphans)
    due = [each for each in due if each not in orphans]
    if limit is None:
        yield from map(Send, due)
        return
    groups: dict[str, list[outbox.Due]] = collections.defaultdict(list)
    for each in due:
        groups[each.message.address].append(each)
    for address, waiting in groups.items():
        yield from _of_address(waiting, sorted(lately.get(address, ())), limit, now)


def _follows(each: outbox.Due) -> bool:
    """Whether it says nothing to whoever has not heard of the incident."""
    return each.message.kind is messages.Kind.STANDING


def _of_address(
    waiting: Sequence[outbox.Due],
    sent: Sequence[datetime.datetime],
    limit: Limit,
    now: datetime.datetime,
) -> Iterator[Step]:
    """First what must not wait: tests, further tries, and the first page of each incident."""
    alone = [each for each in waiting if _goes_alone(each)]
    firsts = [each for each in waiting if _is_first(each) and not _goes_alone(each)]
    rest = [each for each in waiting if not _is_first(each) and not _goes_alone(each)]
    yield from map(Send, alone)
    taken = len(sent) + len(alone)
    yield from _shared(firsts, limit.pages - taken, sent, now)
    yield from _shared(rest, limit.others - taken - len(firsts), sent, now)


def _goes_alone(each: outbox.Due) -> bool:
    alone = {messages.Kind.TEST, messages.Kind.STANDING}
    return each.message.kind in alone or each.attempts > 0


def _is_first(each: outbox.Due) -> bool:
    """Whether the address hears of the incident for the first time."""
    return each.message.kind is messages.Kind.PAGE and not each.message.thread


def _shared(
    waiting: Sequence[outbox.Due],
    room: int,
    sent: Sequence[datetime.datetime],
    now: datetime.datetime,
) -> Iterator[Step]:
    if len(waiting) <= max(room, 0):
        yield from map(Send, waiting)
        return
    if room > 0:
        yield from map(Send, waiting[: room - 1])
        yield _bundled(waiting[room - 1 :], now)
        return
    oldest = min(each.created_at for each in waiting)
    free = (sent[0] if sent else now) + WINDOW
    until = min(free, oldest + PATIENCE) if any(map(_is_first, waiting)) else free
    if now >= until:
        yield _bundled(waiting, now)
        return
    why = f"held: {counted.of(len(sent), 'message')} went to this address within a minute"
    why = why if sent else "held: pages of other incidents go first"
    yield from (Hold(each, until, why) for each in waiting)


def _bundled(waiting: Sequence[outbox.Due], now: datetime.datetime) -> Step:
    if len(waiting) == 1:
        return Send(waiting[0])
    others = counted.of(len(waiting) - 1, "other")
    why = f"bundled with {others}: many messages to one address"
    return Bundle(bundle([each.message for each in waiting], now), tuple(waiting), why)


def bundle(parts: Sequence[messages.Message], now: datetime.datetime) -> messages.Message:
    """One message that says what all of them say; its key is of all their keys."""
    first = parts[0]
    key = hashlib.sha256("\n".join(each.key for each in parts).encode()).hexdigest()[:32]
    pages = [each for each in parts if each.kind is messages.Kind.PAGE]
    need = len({each.incident or each.key for each in pages})
    more = [f"… and {len(parts) - MOST_LINES} more"] if len(parts) > MOST_LINES else []
    return dataclasses.replace(
        first,
        key=f"bundle/{key}",
        incident=None,
        kind=messages.Kind.PAGE if pages else messages.Kind.UPDATE,
        body={
            "title": counted.of(need, "incident needs you", "incidents need you")
            if pages
            else counted.of(len(parts), "update"),
            "severity": str(pages[0].body.get("severity") or "") if pages else "",
            "why": "In one message, because many came at once.",
            "because": first.body.get("because", ""),
            "lines": [_line(each) for each in parts[:MOST_LINES]] + more,
            "answer": "midwatch incidents",
        },
        due_at=now,
        thread="",
    )


def _line(message: messages.Message) -> str:
    severity = str(message.body.get("severity") or "")
    told = message.body.get("why") if message.kind is messages.Kind.UPDATE else ""
    title = str(message.body.get("title") or "")
    words = [f"[{severity}]" if severity else "", title, f"— {told}" if told else ""]
    return " ".join([*filter(None, words), f"({message.incident or 'Midwatch'})"])
