"""Maintenance windows: planned work, during which its own alerts page nobody."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from midwatch.alerts import matching, silence_store, silences
from midwatch.base import lazy
from midwatch.db import store

if TYPE_CHECKING:
    import cronsim
else:
    cronsim = lazy.module("cronsim")

BACK = datetime.timedelta(days=2)
"""No window lasts longer than this."""


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Planned work: once at `starts`, or whenever `cron` says, for `lasting`."""

    title: str
    matchers: tuple[matching.Matcher, ...]
    lasting: datetime.timedelta
    starts: datetime.datetime | None = None
    cron: str = ""
    time_zone: str = "UTC"
    by: str = "midwatch.toml"
    prepare: str = ""
    """RUNBOOK#PROCEDURE to be carried out when it begins."""
    after: str = ""
    """RUNBOOK#PROCEDURE to be carried out when it ends."""

    def begins(self, now: datetime.datetime) -> datetime.datetime | None:
        """When the window that holds now began; None between windows."""
        return next(
            (start for start in self._starts(now) if start <= now < start + self.lasting), None
        )

    def _starts(self, now: datetime.datetime) -> Iterator[datetime.datetime]:
        if self.starts is not None:
            yield self.starts
            return
        zone = zoneinfo.ZoneInfo(self.time_zone)
        for moment in cronsim.CronSim(self.cron, (now - BACK).astimezone(zone)):
            start = moment.astimezone(datetime.UTC)
            if start > now:
                return
            yield start


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A window that holds, and whose silence is not on disk yet."""

    window: Window
    start: datetime.datetime
    silence: silences.Silence


def begun(where: store.Store, windows: Sequence[Window], now: datetime.datetime) -> Iterator[Begun]:
    """The windows that began just now; what follows is written together with the silence."""
    for window in windows:
        start = window.begins(now)
        if start is None:
            continue
        silence = silences.Silence(
            id=f"W{start:%Y%m%d-%H%M}-{slug(window.title)}",
            created_at=now,
            created_by=window.by,
            reason=f"maintenance window “{window.title}”",
            matchers=window.matchers,
            starts_at=start,
            ends_at=start + window.lasting,
        )
        if not silence_store.is_known(where, silence.id):
            yield Begun(window, start, silence)


def slug(text: str) -> str:
    """The title as part of an id."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())[:40]
