"""Who asks, and which kinds of things can be asked for."""

from __future__ import annotations

import dataclasses
import enum


class Role(enum.StrEnum):
    """What somebody may do; each of the first four includes those before it."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    APPROVER = "approver"
    ADMIN = "admin"
    SOURCE = "source"
    """May hand in alerts and heartbeats, and see nothing."""


RANKS = (Role.VIEWER, Role.RESPONDER, Role.APPROVER, Role.ADMIN)


class Action(enum.StrEnum):
    """What is asked for."""

    SEE = "see"
    RESPOND = "respond"
    """Acknowledge, assign, note, resolve: work on an incident."""
    SILENCE = "silence"
    REPLAY = "replay"
    """Send a dead letter again."""
    APPROVE = "approve"
    AUDIT = "audit"
    """Read who did what."""
    HAND_IN = "hand-in"
    """Tell of alerts, and give signs of life."""


NEEDED: dict[Action, Role] = {
    Action.SEE: Role.VIEWER,
    Action.RESPOND: Role.RESPONDER,
    Action.SILENCE: Role.RESPONDER,
    Action.REPLAY: Role.RESPONDER,
    Action.APPROVE: Role.APPROVER,
    Action.AUDIT: Role.ADMIN,
    Action.HAND_IN: Role.SOURCE,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or something, that asks."""

    name: str
    role: Role
    source: str = ""
    """Of a source: the one it may hand in for; empty where that is any."""
    proven: bool = True
    """Whether a token proves the name; where there are none it is only claimed."""
