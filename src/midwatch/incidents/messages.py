"""What is said to whom: the messages of an incident, before they go out."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from midwatch.incidents import state as states
from midwatch.oncall import directory
from midwatch.oncall import model as oncall


class Kind(enum.StrEnum):
    """What a message is for; only pages are taken back by an acknowledgement."""

    PAGE = "page"
    REMINDER = "reminder"
    UPDATE = "update"
    """Acknowledged, resolved, reopened: for those who were told of it."""
    STANDING = "standing"
    """How the incident stands, for a machine or a screen that was told of it; wakes nobody."""
    TEST = "test"
    NOTICE = "notice"
    """Something about the watch itself: a silence ends, a heartbeat stopped."""


MACHINES = frozenset({"pagerduty", "webhook"})
"""Channels whose other end keeps an incident of its own."""
SCREENS = frozenset({"slack"})
"""Channels whose messages can be changed after they were sent: a page that is over shows it."""


class Delivery(enum.StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to the channel; after a crash it is handed over again under the same key."""
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"
    """Given up after all tries: on the list of dead letters, and can be sent again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """One message to one address."""

    key: str
    """The same for each try, so that a receiver who honours keys shows it once."""
    incident: str | None
    person: str
    channel: str
    address: str
    kind: Kind
    body: Mapping[str, Any]
    """Plain facts (title, severity, why, lines, link); the channel gives them their form."""
    due_at: datetime.datetime
    thread: str = ""
    """The receipt of the first message of the same incident to the same address, if any."""


def pages(
    mark: str,
    incident: str,
    found: Sequence[directory.Reached],
    body: Mapping[str, Any],
    now: datetime.datetime,
) -> tuple[Message, ...]:
    """The messages that tell these people, each by all their ways, the later ones later.

    `mark` names what they follow from: no two things that page somebody may share it.
    """
    return tuple(
        Message(
            key=f"{mark}/{each.person.id}/{number}",
            incident=incident,
            person=each.person.id,
            channel=way.channel,
            address=way.address,
            kind=Kind.PAGE,
            body={**body, "because": each.why},
            due_at=now + way.after,
        )
        for each in found
        for number, way in enumerate(each.person.ways)
    )


def mirrored(
    incident: str,
    state: states.State,
    people: Sequence[oncall.Person],
    body: Mapping[str, Any],
    now: datetime.datetime,
    *,
    but: Collection[tuple[str, str]],
) -> tuple[Message, ...]:
    """How it stands, for each machine and screen they were paged by; `but` those told already."""
    ends = {
        (way.channel, way.address): person.id
        for person in people
        for way in person.ways
        if way.channel in MACHINES | SCREENS and (way.channel, way.address) not in but
    }
    return tuple(
        Message(
            key=f"{incident}/{state.seq}/{channel}/{address}/stands",
            incident=incident,
            person=person,
            channel=channel,
            address=address,
            kind=Kind.STANDING,
            body={**body, "because": "it was paged"},
            due_at=now,
        )
        for (channel, address), person in ends.items()
    )
