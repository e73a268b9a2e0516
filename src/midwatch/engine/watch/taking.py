"""Alerts that were accepted become incidents: a batch is read, judged, and written at once."""

from __future__ import annotations

import collections
import dataclasses
import datetime

from midwatch.alerts import intake, model, silence_store, stages
from midwatch.alerts import store as alerts
from midwatch.base import errors
from midwatch.db import store
from midwatch.engine.watch import arrangements, opening

BATCH = 1000
TRIES = 10


def take(where: store.Store, given: arrangements.Arrangements, now: datetime.datetime) -> int:
    """Take one batch in; the number of alerts in it."""
    for _ in range(TRIES):
        received = alerts.waiting(where, BATCH)
        if not received:
            return 0
        batch = Batch(where, given, now)
        batch.look(received)
        statements = [*batch.statements(), alerts.handled(received)]
        if where.write(*statements):
            return len(received)
    raise errors.WorldError(
        "Alerts wait, and others kept changing the same incidents.", "They are tried again."
    )


class Batch:
    """Some alerts on their way through the stages; nothing is written before all are judged."""

    def __init__(
        self, where: store.Store, given: arrangements.Arrangements, now: datetime.datetime
    ) -> None:
        self._where = where
        self._given = given
        self._now = now
        self._known: dict[str, alerts.Known | None] = {}
        self._episodes: list[model.Episode] = []
        self._ended: list[str] = []
        self._on: list[str] = []
        """Firings that go on although their end was told."""
        self._incidents = opening.Incidents(where, given, now)
        self._silences = silence_store.holding(where, now)
        self._firing = alerts.firing_labels(where) if given.rules.inhibitions else []
        self._crowd = 0
        self._starts: collections.Counter[str] = collections.Counter()

    def look(self, received: list[alerts.Received]) -> None:
        """Judge them all, in the order in which they came."""
        self._crowd = self._incidents.crowd({self._group(each.alert) for each in received})
        for each in received:
            if each.alert.status is model.Status.FIRING:
                self._start(each)
            else:
                self._end(each)

    def renew(self, held: list[model.Episode]) -> None:
        """Judge alerts again that were held back for a reason that may be over."""
        self._crowd = self._incidents.crowd({self._group(each.alert) for each in held})
        for each in held:
            received = alerts.Received(0, each.received_at, each.alert)
            self._judge(received, ended=False, held=each.disposition)

    def statements(self) -> list[store.Statement]:
        """Everything that follows, to be written in one transaction."""
        written: list[store.Statement] = []
        if self._on:
            written += alerts.firing_on(self._on, self._now)
        if self._episodes:
            written.append(alerts.adding(self._episodes))
        if self._ended:
            written.append(alerts.ending(self._ended, self._now))
        return [*written, *self._incidents.statements()]

    def _group(self, alert: model.Alert) -> str:
        return stages.group_of(alert, self._given.rules)

    def _start(self, received: alerts.Received) -> None:
        known = self._episode(received.alert)
        if known is not None and known.status is model.Status.FIRING:
            return
        on = known is not None and known.fires_on(received.at)
        if on:
            self._on.append(received.alert.episode)
        self._judge(received, ended=known is not None and not on)

    def _judge(
        self, received: alerts.Received, *, ended: bool, held: model.Disposition | None = None
    ) -> None:
        alert = received.alert
        verdict = stages.judge(alert, self._facts(alert, ended=ended))
        if isinstance(verdict, stages.Held):
            if not ended and verdict.disposition is not held:
                self._keep(received, verdict.disposition, verdict.reason, None)
            return
        incident, opened = self._incidents.join(alert, verdict)
        found = model.Disposition.OPENED if opened else model.Disposition.JOINED
        disposition = model.Disposition.FLAPPING if verdict.flapping else found
        self._keep(received, disposition, verdict.reason, incident)
        self._firing.append(alert.labels)

    def _keep(
        self,
        received: alerts.Received,
        disposition: model.Disposition,
        reason: str,
        incident: str | None,
    ) -> None:
        if disposition is not model.Disposition.STALE:
            self._starts[received.alert.fingerprint] += 1
        episode = model.Episode(received.alert, received.at, disposition, reason, incident)
        self._episodes.append(episode)
        known = alerts.Known(received.alert.status, incident, disposition)
        self._known[received.alert.episode] = known

    def _end(self, received: alerts.Received) -> None:
        alert = received.alert
        known = self._episode(alert)
        if known is None:
            reason = "its start was never told"
            self._keep(received, model.Disposition.STALE, reason, None)
        elif known.status is model.Status.FIRING:
            self._over(alert, known)

    def _over(self, alert: model.Alert, known: alerts.Known) -> None:
        self._ended.append(alert.episode)
        over = dataclasses.replace(known, status=model.Status.RESOLVED)
        self._known[alert.episode] = over
        if known.incident is not None:
            self._incidents.leave(known.incident, alert.name)

    def expire(self, episodes: list[str]) -> None:
        """Count firings as over that their source has not repeated in time."""
        for name in episodes:
            known = alerts.episode(self._where, name)
            if known is None or known.status is not model.Status.FIRING:
                continue
            self._ended.append(name)
            if known.incident is not None:
                self._incidents.leave(known.incident, "not repeated by its source")

    def _episode(self, alert: model.Alert) -> alerts.Known | None:
        if alert.episode not in self._known:
            self._known[alert.episode] = alerts.episode(self._where, alert.episode)
        return self._known[alert.episode]

    def _facts(self, alert: model.Alert, *, ended: bool) -> stages.Facts:
        given = self._given.rules
        before = alerts.starts(self._where, alert, self._now - given.flapping.within)
        before += self._starts[alert.fingerprint]
        return stages.Facts(
            now=self._now,
            rules=given,
            silences=self._silences,
            firing=self._firing,
            ended=ended,
            starts=before + 1,
            new_incidents=self._crowd,
            storm_open=self._incidents.storm_is_open(),
            group_open=self._incidents.is_open(self._group(alert)),
        )


def lapse(where: store.Store, given: arrangements.Arrangements, now: datetime.datetime) -> None:
    """End what its source has not repeated in time."""
    names = alerts.expired(where, now, BATCH)
    if names:
        batch = Batch(where, given, now)
        batch.expire(names)
        where.write(*batch.statements(), *intake.lapsing(names, now))


def renew(
    where: store.Store,
    given: arrangements.Arrangements,
    now: datetime.datetime,
    disposition: model.Disposition,
) -> bool:
    """Judge what was silenced or inhibited again; False where it must be done once more."""
    after = ""
    while held := alerts.held_back(where, disposition, BATCH, after=after):
        batch = Batch(where, given, now)
        batch.renew(held)
        if not where.write(*batch.statements()):
            return False
        after = held[-1].alert.episode
    return True
