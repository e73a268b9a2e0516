"""What an incident is: opened by alerts, worked on by people, ended by a verified recovery."""

from __future__ import annotations

import enum


class Status(enum.StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    """Nobody has said "mine" yet: the escalation runs."""
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Urgency(enum.StrEnum):
    """Whether anybody is woken for it."""

    PAGE = "page"
    RECORD = "record"
    """It is on the list, and pages nobody."""
