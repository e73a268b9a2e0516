"""Alerts on disk: accepted before anybody is told so, and what became of each."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from midwatch.alerts import model
from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("store.sql"))
SAMPLE = 2000
FIRES_ON_AFTER = datetime.timedelta(minutes=1)
"""A source that calls an alert firing so long after it told its end means that: it was cut off
from what it watches meanwhile, and the firing is the same to it. What comes sooner is late."""
ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=dict).encode


@dataclasses.dataclass(frozen=True, slots=True)
class Received:
    """An accepted alert that the watch has not looked at yet."""

    id: int
    at: datetime.datetime
    alert: model.Alert


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What the watch has of an episode."""

    status: model.Status
    incident: str | None
    disposition: model.Disposition
    ended_at: datetime.datetime | None = None

    def fires_on(self, at: datetime.datetime) -> bool:
        """Whether a message of then that it fires is news, not an old one that came late."""
        return self.ended_at is not None and at - self.ended_at > FIRES_ON_AFTER


def accepting(alerts: Sequence[model.Alert], at: datetime.datetime) -> store.Statement:
    """Accept them; one that was accepted before only counts as seen again."""
    now = moments.write(at)
    return (QUERIES["accept"], [row(alert, now) for alert in alerts])


def row(alert: model.Alert, now: str) -> dict[str, Any]:
    """An alert as the table of what was accepted holds it."""
    body: dict[str, Any] = {"labels": alert.labels, "annotations": alert.annotations}
    if alert.link:
        body["link"] = alert.link
    if alert.ended_at is not None:
        body["ended_at"] = moments.write(alert.ended_at)
    return {
        "key": alert.key,
        "at": now,
        "expires_at": moments.maybe(alert.expires_at),
        "source": alert.source,
        "fingerprint": alert.fingerprint,
        "started_at": moments.write(alert.started_at),
        "status": alert.status.value,
        "name": alert.name,
        "body": ENCODE(body),
    }


def refusing(source: str, reason: str, body: bytes, at: datetime.datetime) -> store.Statement:
    """Keep what was refused, why, and how it began."""
    sample = body[:SAMPLE].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return (
        QUERIES["refuse"],
        {
            "at": moments.write(at),
            "source": source,
            "reason": reason,
            "size": len(body),
            "sample": sample,
        },
    )


def firing_on(episodes: Sequence[str], at: datetime.datetime) -> list[store.Statement]:
    """Let these firings be over under names of their own: the same ones begin anew."""
    mark = f"/until {moments.write(at)}"
    named_rows = [{"episode": each, "mark": mark} for each in episodes]
    return [(QUERIES["end told"], named_rows), (QUERIES["firing over"], named_rows)]


def waiting(where: store.Store, limit: int) -> list[Received]:
    """What was accepted and not looked at yet, the oldest first."""
    return [_received(*row) for row in where.rows(QUERIES["waiting"], {"limit": limit})]


def _received(*row: Any) -> Received:  # noqa: ANN401  (columns of the query)
    body = json.loads(row[8])
    alert = model.Alert(
        source=row[2],
        fingerprint=row[3],
        name=row[6],
        status=model.Status(row[5]),
        started_at=moments.read(row[4]),
        labels=body["labels"],
        annotations=body["annotations"],
        ended_at=moments.read_maybe(body.get("ended_at")),
        expires_at=moments.read_maybe(row[7]),
        link=body.get("link", ""),
    )
    return Received(row[0], moments.read(row[1]), alert)


def handled(received: Sequence[Received]) -> store.Statement:
    """They have been looked at."""
    return (QUERIES["handled"], [{"id": each.id} for each in received])


def adding(episodes: Sequence[model.Episode]) -> store.Statement:
    """Write down what became of these firings."""
    return (QUERIES["add episode"], [_episode(each) for each in episodes])


def _episode(each: model.Episode) -> dict[str, Any]:
    alert = each.alert
    return {
        "episode": alert.episode,
        "source": alert.source,
        "fingerprint": alert.fingerprint,
        "started_at": moments.write(alert.started_at),
        "name": alert.name,
        "status": alert.status.value,
        "labels": json.dumps(dict(alert.labels), ensure_ascii=False),
        "annotations": json.dumps(dict(alert.annotations), ensure_ascii=False),
        "link": alert.link,
        "received_at": moments.write(each.received_at),
        "ended_at": moments.maybe(alert.ended_at),
        "incident_id": each.incident,
        "disposition": each.disposition.value,
        "reason": each.reason,
    }


def ending(episodes: Sequence[str], at: datetime.datetime) -> store.Statement:
    """These firings are over."""
    now = moments.write(at)
    return (QUERIES["end episode"], [{"episode": each, "ended_at": now} for each in episodes])


def episode(where: store.Store, name: str) -> Known | None:
    """What the watch has of the episode of that name."""
    rows = where.rows(QUERIES["episode"], {"episode": name})
    if not rows:
        return None
    status, incident, disposition, ended_at = rows[0]
    return Known(
        model.Status(status),
        incident,
        model.Disposition(disposition),
        moments.read_maybe(ended_at) if status == model.Status.RESOLVED else None,
    )


def starts(where: store.Store, alert: model.Alert, since: datetime.datetime) -> int:
    """How often the same alert started since then, as far as the watch knows."""
    values = {
        "fingerprint": alert.fingerprint,
        "source": alert.source,
        "since": moments.write(since),
    }
    return int(where.rows(QUERIES["starts"], values)[0][0])


def firing(where: store.Store, incident: str) -> int:
    """How many alerts of the incident fire."""
    return int(where.rows(QUERIES["firing of incident"], {"incident": incident})[0][0])


def expired(where: store.Store, now: datetime.datetime, limit: int) -> list[str]:
    """The firings whose source has not repeated them in time: they count as over."""
    values = {"now": moments.write(now), "limit": limit}
    return [row[0] for row in where.rows(QUERIES["expired"], values)]


def held_back(
    where: store.Store, disposition: model.Disposition, limit: int, *, after: str = ""
) -> list[model.Episode]:
    """The firings that page nobody for that reason, by their names, those after `after`."""
    values = {"disposition": disposition.value, "limit": limit, "after": after}
    return [
        model.Episode(
            model.Alert(
                source=row[0],
                fingerprint=row[1],
                name=row[3],
                status=model.Status.FIRING,
                started_at=moments.read(row[2]),
                labels=json.loads(row[4]),
                annotations=json.loads(row[5]),
                link=row[6],
            ),
            moments.read(row[7]),
            disposition,
            "",
        )
        for row in where.rows(QUERIES["held back"], values)
    ]


def firing_labels(where: store.Store) -> list[Mapping[str, str]]:
    """The labels of everything that fires and is not inhibited itself."""
    return [json.loads(row[0]) for row in where.rows(QUERIES["firing labels"])]


def last_joined(where: store.Store, incident: str) -> datetime.datetime | None:
    """When the latest alert of the incident arrived."""
    rows = where.rows(QUERIES["last joined"], {"incident": incident})
    return moments.read_maybe(rows[0][0])
