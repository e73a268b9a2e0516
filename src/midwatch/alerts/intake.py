"""Alerts on their way in: which firing they belong to, and the list of what was refused."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

from midwatch.alerts import model
from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("intake.sql"))


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """A message, or one alert of it, that was not taken in."""

    id: int
    at: datetime.datetime
    source: str
    reason: str
    size: int
    sample: str


def dated(
    where: store.Store, alerts: Sequence[model.Alert], now: datetime.datetime
) -> tuple[model.Alert, ...]:
    """The same alerts, each in the firing it belongs to.

    A source that does not say when something began means the firing that goes on, if there is one.
    """
    open_since: dict[tuple[str, str], datetime.datetime | None] = {}
    found = []
    for alert in alerts:
        if not alert.undated:
            found.append(alert)
            continue
        mark = (alert.source, alert.fingerprint)
        if mark not in open_since:
            open_since[mark] = _open_since(where, alert, now)
        since = open_since[mark] or alert.started_at
        firing = alert.status is model.Status.FIRING
        open_since[mark] = since if firing else None
        found.append(dataclasses.replace(alert, started_at=since))
    return tuple(found)


def _open_since(
    where: store.Store, alert: model.Alert, now: datetime.datetime
) -> datetime.datetime | None:
    """When the firing that goes on began; None where nothing of the kind fires."""
    values = {"source": alert.source, "fingerprint": alert.fingerprint}
    rows = where.rows(QUERIES["latest"], values)
    if not rows:
        return None
    started, status, expires, taken, incident = rows[0]
    over = status != model.Status.FIRING or taken == model.Status.RESOLVED
    lapsed = expires is not None and moments.read(expires) <= now
    closed = incident == "resolved" and alert.status is model.Status.FIRING
    return None if over or lapsed or closed else moments.read(started)


def refused(where: store.Store, *, source: str = "", limit: int = 100) -> list[Refusal]:
    """What was refused, the latest first."""
    rows = where.rows(QUERIES["refused"], {"source": source, "limit": limit})
    return [Refusal(row[0], moments.read(row[1]), *row[2:]) for row in rows]


def lapsing(episodes: Sequence[str], now: datetime.datetime) -> list[store.Statement]:
    """Let firings that nobody repeated go, so that they are new ones when they are told again."""
    mark = f"/lapsed {moments.write(now)}"
    rows = [{"key": f"{each}/{model.Status.FIRING}", "mark": mark} for each in episodes]
    named_rows = [{"episode": each, "mark": mark} for each in episodes]
    return [(QUERIES["lapse intake"], rows), (QUERIES["lapse alert"], named_rows)]


@dataclasses.dataclass(frozen=True, slots=True)
class Depth:
    """How much was accepted and not looked at yet, and since when."""

    waiting: int
    oldest: datetime.datetime | None
    firing: int


def depth(where: store.Store) -> Depth:
    """How far behind the watch is."""
    waiting = int(where.rows(QUERIES["waiting count"])[0][0])
    oldest = moments.read_maybe(where.rows(QUERIES["oldest waiting"])[0][0])
    return Depth(waiting, oldest, int(where.rows(QUERIES["firing count"])[0][0]))


def incident_of(where: store.Store, source: str, fingerprint: str) -> str | None:
    """The incident of the latest firing; empty while it waits for one, None where there is none."""
    values = {"source": source, "fingerprint": fingerprint}
    rows = where.rows(QUERIES["incident of"], values)
    if not rows:
        return None
    handled, incident = rows[0]
    return "" if not handled else incident
