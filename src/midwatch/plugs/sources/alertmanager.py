"""Alertmanager's two languages: its webhook (version 4), and the API that Prometheus posts to."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from midwatch.alerts import fingerprints, model
from midwatch.base import errors
from midwatch.plugs.sources import document, taken, times

VERSION = "4"
RESOLVE_TIMEOUT = datetime.timedelta(minutes=5)
NOTE = "midwatch_note"
"""The annotation that tells what was odd about an alert."""
NAMELESS = "unnamed"


def webhook(body: bytes, source: str, now: datetime.datetime) -> taken.Taken:
    """The alerts of a webhook message, each by itself."""
    message = document.table(document.load(body), "The message")
    given = document.listed(message.get("alerts"), "alerts")
    found = each(given, "alerts", lambda fields, where: notified(fields, where, source, now))
    return taken.Taken(found.alerts, found.refused, (*found.notes, *_notes(message)))


def api(body: bytes, source: str, now: datetime.datetime) -> taken.Taken:
    """The alerts that Prometheus, vmalert or a script posts to `/api/v2/alerts`."""
    given = document.listed(document.load(body), "The message")
    return each(given, "alert", lambda fields, where: _posted(fields, where, source, now))


Read = Callable[[dict[str, Any], str], model.Alert]


def each(given: list[Any], word: str, read: Read) -> taken.Taken:
    """Read every one of them; one that cannot be read does not lose the others."""
    alerts, refused, notes = [], [], []
    for number, fields in enumerate(given):
        where = f"{word}[{number}]"
        try:
            alert = read(document.table(fields, where), where)
        except errors.UserError as error:
            refused.append(error.message)
            continue
        alerts.append(alert)
        if NOTE in alert.annotations:
            notes.append(f"{where}: {alert.annotations[NOTE]}")
    return taken.Taken(tuple(alerts), tuple(refused), tuple(notes))


def notified(
    fields: dict[str, Any], where: str, source: str, now: datetime.datetime
) -> model.Alert:
    """One alert of a webhook message."""
    ended = times.read(fields.get("endsAt"), f"{where}.endsAt")
    status = _status(fields.get("status"), ended, where, now)
    return _alert(fields, where, source=source, status=status, ended=ended, now=now)


def _posted(fields: dict[str, Any], where: str, source: str, now: datetime.datetime) -> model.Alert:
    """One alert of the API: it is over once `endsAt` has come, unless it is sent again."""
    if not fields.get("labels"):
        raise errors.UserError(f"{where} has no labels.")
    ends = times.read(fields.get("endsAt"), f"{where}.endsAt")
    over = ends is not None and ends <= now
    status = model.Status.RESOLVED if over else model.Status.FIRING
    expires = None if over else ends or now + RESOLVE_TIMEOUT
    ended = ends if over else None
    return _alert(
        fields, where, source=source, status=status, ended=ended, now=now, expires=expires
    )


def _status(
    word: object, ended: datetime.datetime | None, where: str, now: datetime.datetime
) -> model.Status:
    if word is None:
        return model.Status.RESOLVED if ended and ended <= now else model.Status.FIRING
    try:
        return model.Status(str(word))
    except ValueError as error:
        raise errors.UserError(
            f"{where}.status is {str(word)[:40]!r}, neither “firing” nor “resolved”."
        ) from error


def _alert(
    fields: dict[str, Any],
    where: str,
    *,
    source: str,
    status: model.Status,
    ended: datetime.datetime | None,
    now: datetime.datetime,
    expires: datetime.datetime | None = None,
) -> model.Alert:
    labels = document.labels(fields.get("labels"), f"{where}.labels")
    annotations = document.notes(fields.get("annotations"), f"{where}.annotations")
    started = times.read(fields.get("startsAt"), f"{where}.startsAt")
    odd = times.skew(started, now) if started else ""
    if odd:
        annotations[NOTE] = odd
    return model.Alert(
        source=source,
        fingerprint=_fingerprint(fields.get("fingerprint"), labels),
        name=labels.get("alertname") or NAMELESS,
        status=status,
        started_at=started or now,
        labels=labels,
        annotations=annotations,
        ended_at=(ended or now) if status is model.Status.RESOLVED else None,
        expires_at=expires,
        link=document.text(fields.get("generatorURL"), "generatorURL", where),
        undated=started is None,
    )


def _fingerprint(given: object, labels: dict[str, str]) -> str:
    if isinstance(given, str) and 0 < len(given) <= document.LONGEST_NAME and given.isprintable():
        return given
    return fingerprints.of_labels(labels)


def _notes(message: dict[str, Any]) -> list[str]:
    version = message.get("version", VERSION)
    if version == VERSION:
        return cut_off(message)
    odd = f"The message is of version {str(version)[:10]!r}; it was read as version {VERSION}."
    return [odd, *cut_off(message)]


def cut_off(message: dict[str, Any]) -> list[str]:
    """What is told where the sender left alerts out because there were too many."""
    count = message.get("truncatedAlerts", 0)
    if not isinstance(count, int) or count <= 0:
        return []
    return [f"{count} more alerts were cut off by the sender: raise its limit (`max_alerts`)."]
