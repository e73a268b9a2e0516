"""What happens to incidents, as lines of the log: for whoever watches the watch."""

from __future__ import annotations

import dataclasses
import datetime
import logging

from midwatch.base import clock
from midwatch.db import store
from midwatch.incidents import events, lists, record, timeline

LOG = logging.getLogger(__name__)
MOST = 5000
APART = 0.5
"""Seconds between two looks: a log may lag that much."""
OVERLAP = datetime.timedelta(seconds=5)
"""What was decided earlier may be written later: the last seconds are looked at again."""


class Teller:
    """Tells each event once, from now on; what happened before the start was told then."""

    def __init__(self, ticks: clock.Clock) -> None:
        self._since = ticks.now()
        self._begun = self._since
        self._told: dict[tuple[str, int], datetime.datetime] = {}

    def tell(self, where: store.Store) -> int:
        """Tell what happened since the last time."""
        since = max(self._since - OVERLAP, self._begun)
        found = lists.happened(where, since, MOST, self._told)
        for incident, recorded in found.events:
            _line(incident, recorded)
            self._told[incident, recorded.seq] = recorded.at
            self._since = max(self._since, recorded.at)
        if found.count == MOST:
            LOG.info("more happens to incidents than is told here")
            self._begun = self._since
        before = self._since - OVERLAP
        self._told = {key: at for key, at in self._told.items() if at > before}
        return 0


def _line(incident: str, recorded: events.Recorded) -> None:
    entry = timeline.entry(recorded)
    told = {
        "incident": incident,
        "event": record.kind(recorded.event),
        "event_at": recorded.at.isoformat(),
        **_plain(recorded.event),
    }
    LOG.info("%s %s", incident, entry.text, extra={"facts": told})


def _plain(event: events.Event) -> dict[str, object]:
    """The event's own fields, without what a run printed."""
    every = dataclasses.asdict(event)
    every.pop("shown", None)
    return every
