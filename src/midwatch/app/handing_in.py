"""The use case behind each message of a source: read, committed, and only then answered."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import logging
from collections.abc import Mapping

from midwatch.access import rates
from midwatch.alerts import store as alerts
from midwatch.app import serve_settings
from midwatch.base import clock, errors
from midwatch.engine.watch import committing
from midwatch.plugs.sources import alertmanager, cloudevents, generic, grafana, pagerduty, taken

LOG = logging.getLogger(__name__)
REFUSALS_A_MINUTE = 600
"""More than this are counted and not kept."""


class TooManyError(errors.WorldError):
    """The source sends more than it may."""

    def __init__(self, source: str, seconds: float) -> None:
        super().__init__(f"{source} sends more alerts than it may.", "Send again a little later.")
        self.seconds = seconds


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """What arrived: the names of its headers are in lower case."""

    source: serve_settings.Source
    body: bytes
    headers: Mapping[str, str]
    posted: bool = False
    """In the language of Alertmanager's API, not of its webhook."""


class Intake:
    """Where all sources hand in."""

    def __init__(
        self, committer: committing.Committer, ticks: clock.Clock, secrets: Mapping[str, str]
    ) -> None:
        self._committer = committer
        self._ticks = ticks
        self._secrets = secrets
        self._rates = rates.Rates()
        self.accepted: collections.Counter[str] = collections.Counter()
        self.refused: collections.Counter[str] = collections.Counter()
        self.turned_away = 0

    async def hand_in(self, message: Message) -> taken.Taken:
        """What of the message is on disk now; UserError where nothing of it could be read."""
        source, now = message.source, self._ticks.now()
        try:
            self._require_signature(message, now)
            found = read(message, now)
        except errors.UserError as error:
            self.refuse(source.name, error.message, message.body)
            raise
        await self.commit(source, found, message.body)
        return found

    async def commit(self, source: serve_settings.Source, found: taken.Taken, body: bytes) -> None:
        """Put what was read on disk, and keep what was refused of it."""
        self._require_room(source, len(found.alerts), body)
        for reason in found.refused:
            self.refuse(source.name, reason, body)
        for note in found.notes:
            LOG.warning("source %s: %s", source.name, note)
        if found.alerts:
            await self._committer.commit(committing.Work(alerts=found.alerts))
            self.accepted[source.name] += len(found.alerts)

    def turn_away(self) -> bool:
        """Count somebody who may not hand in; whether there is room to write that down."""
        self.turned_away += 1
        now = self._ticks.monotonic()
        return not self._rates.take("!away", 1, per_minute=REFUSALS_A_MINUTE, now=now)

    def refuse(self, source: str, reason: str, body: bytes) -> None:
        """Keep what was refused, and why."""
        self.refused[source] += 1
        now = self._ticks.monotonic()
        if self._rates.take(f"!{source}", 1, per_minute=REFUSALS_A_MINUTE, now=now):
            return
        statement = alerts.refusing(source, reason, body, self._ticks.now())
        self._committer.leave(committing.Work(also=[statement]))

    def _require_room(self, source: serve_settings.Source, count: int, body: bytes) -> None:
        now = self._ticks.monotonic()
        wait = self._rates.take(source.name, max(count, 1), per_minute=source.rate, now=now)
        if wait:
            self.refuse(source.name, f"more than {source.rate} alerts a minute", body)
            raise TooManyError(source.name, wait)

    def _require_signature(self, message: Message, now: datetime.datetime) -> None:
        source = message.source
        if source.signing_secret is None:
            return
        sent = ""
        if source.timestamp_header:
            sent = message.headers.get(source.timestamp_header, "")
            grafana.require_fresh(sent, now)
        secret = self._secrets[source.signing_secret.variable]
        signature = message.headers.get(grafana.SIGNATURE, "")
        grafana.require_signature(secret, message.body, signature, sent)


def read(message: Message, now: datetime.datetime) -> taken.Taken:
    """The alerts of a message, in the language of its source."""
    source, body = message.source, message.body
    match source.kind:
        case "alertmanager" if message.posted:
            return alertmanager.api(body, source.name, now)
        case "alertmanager":
            return alertmanager.webhook(body, source.name, now)
        case "grafana":
            return grafana.webhook(body, source.name, now)
        case "cloudevents":
            headers = message.headers
            return cloudevents.webhook(body, headers, source.name, now=now, paths=source.paths)
        case "pagerduty":
            alert = pagerduty.alert(pagerduty.event(body), source.name, now)
            return taken.Taken((alert,))
        case _:
            return generic.webhook(body, source.name, now, source.paths)
