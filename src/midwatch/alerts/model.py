"""What an alert is, wherever it came from."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping


class Status(enum.StrEnum):
    """Whether the condition holds."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclasses.dataclass(frozen=True, slots=True)
class Alert:
    """One firing, or its end, as a source tells it."""

    source: str
    """The name of the source in midwatch.toml: two sources may use one fingerprint."""
    fingerprint: str
    """What is the same alert: the source's own mark, else a hash of its labels."""
    name: str
    status: Status
    started_at: datetime.datetime
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    annotations: Mapping[str, str] = dataclasses.field(default_factory=dict)
    ended_at: datetime.datetime | None = None
    expires_at: datetime.datetime | None = None
    """When it counts as over although nobody said so (Alertmanager's `endsAt` in the future)."""
    link: str = ""
    """Where the source shows it."""
    undated: bool = False
    """Its source does not say when it began: it goes on with the firing of the same fingerprint
    that is not over, and where there is none it begins at `started_at`."""

    @property
    def episode(self) -> str:
        """One firing from its start to its end."""
        stamp = self.started_at.isoformat(timespec="microseconds")[:26]
        return f"{self.source}/{self.fingerprint}/{stamp.replace('-', '').replace(':', '')}Z"

    @property
    def key(self) -> str:
        """What makes a message about it the same message: the episode and its status."""
        return f"{self.episode}/{self.status.value}"

    @property
    def runbook_url(self) -> str:
        """The runbook that its author gave it."""
        return self.annotations.get("runbook_url") or self.annotations.get("runbook", "")

    @property
    def summary(self) -> str:
        """What its author says of it, in a line."""
        told = self.annotations.get("summary") or self.annotations.get("description", "")
        return told.strip().partition("\n")[0]


class Disposition(enum.StrEnum):
    """What became of an alert."""

    OPENED = "opened"
    JOINED = "joined"
    SILENCED = "silenced"
    INHIBITED = "inhibited"
    FLAPPING = "flapping"
    """It joined, and pages nobody again until it is quiet."""
    STALE = "stale"
    """It came after its own end: an old message, repeated."""


@dataclasses.dataclass(frozen=True, slots=True)
class Episode:
    """One firing as the watch has it."""

    alert: Alert
    received_at: datetime.datetime
    disposition: Disposition
    reason: str
    incident: str | None = None
