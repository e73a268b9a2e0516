"""PagerDuty Events v2, so that whatever can page through PagerDuty can page through Midwatch."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import hashlib
import re
from typing import Any

from midwatch.alerts import model
from midwatch.base import errors
from midwatch.plugs.sources import document, times

LONGEST_KEY = 255
LONGEST_TITLE = 120
LABEL = re.compile(r"[A-Za-z_]\w{0,63}")
SHORT = 256
PLACES = ("source", "component", "group", "class", "severity")
MOST_DETAILS = 40


class Action(enum.StrEnum):
    """What the event asks for."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One event, as it was sent."""

    routing_key: str
    action: Action
    key: str
    """The `dedup_key`, its own or one made of what it is about."""
    fields: dict[str, Any]


def event(body: bytes) -> Event:
    """The event in a body."""
    fields = document.table(document.load(body), "The event")
    try:
        action = Action(str(fields.get("event_action")))
    except ValueError as error:
        raise errors.UserError(
            "event_action is none of “trigger”, “acknowledge” and “resolve”."
        ) from error
    key = document.line(fields.get("dedup_key"), "dedup_key", "The event")
    if len(key) > LONGEST_KEY:
        raise errors.UserError(f"dedup_key has {len(key)} characters; at most {LONGEST_KEY} count.")
    if action is Action.TRIGGER:
        key = key or _key(document.table(fields.get("payload"), "payload"))
    elif not key:
        raise errors.UserError(f"dedup_key is missing: what does the {action.value} belong to?")
    return Event(str(fields.get("routing_key") or ""), action, key, fields)


def _key(payload: dict[str, Any]) -> str:
    """What makes an event without a key the same as another one: everything but its time."""
    what = [document.line(payload.get(each), each, "payload") for each in ("summary", *PLACES)]
    return hashlib.sha256("\xff".join(what).encode("utf-8", "replace")).hexdigest()[:32]


def alert(found: Event, source: str, now: datetime.datetime) -> model.Alert:
    """The alert that a trigger starts, or a resolve ends."""
    if found.action is Action.RESOLVE:
        return _resolved(found, source, now)
    payload = document.table(found.fields.get("payload"), "payload")
    summary = document.text(payload.get("summary"), "summary", "payload").strip()
    if not summary:
        raise errors.UserError("payload.summary is missing: what happened?")
    title = summary.partition("\n")[0][:LONGEST_TITLE]
    name = document.line(payload.get("class"), "class", "payload") or title
    started = times.read(payload.get("timestamp"), "payload.timestamp")
    return model.Alert(
        source=source,
        fingerprint=found.key,
        name=name,
        status=model.Status.FIRING,
        started_at=started or now,
        labels={"alertname": name, **_labels(payload), "dedup_key": found.key},
        annotations=_annotations(payload, summary),
        link=_link(found.fields),
        undated=True,
    )


def _resolved(found: Event, source: str, now: datetime.datetime) -> model.Alert:
    return model.Alert(
        source=source,
        fingerprint=found.key,
        name=found.key,
        status=model.Status.RESOLVED,
        started_at=now,
        labels={"dedup_key": found.key},
        ended_at=now,
        undated=True,
    )


def _labels(payload: dict[str, Any]) -> dict[str, str]:
    details = payload.get("custom_details")
    given = dict(list(details.items())[:MOST_DETAILS]) if isinstance(details, dict) else {}
    short = {
        key: document.line(value, key, "custom_details")
        for key, value in given.items()
        if LABEL.fullmatch(key) and not isinstance(value, dict | list) and len(str(value)) <= SHORT
    }
    own = {key: document.line(payload.get(key), key, "payload") for key in PLACES}
    if own["component"]:
        own["service"] = own["component"]
    return {key: value for key, value in {**short, **own}.items() if value}


def _annotations(payload: dict[str, Any], summary: str) -> dict[str, str]:
    details = payload.get("custom_details")
    given = dict(list(details.items())[:MOST_DETAILS]) if isinstance(details, dict) else {}
    long = {
        key: document.text(value, key, "custom_details")
        for key, value in given.items()
        if LABEL.fullmatch(key) and not isinstance(value, dict | list)
    }
    return {**long, "summary": summary}


def _link(fields: dict[str, Any]) -> str:
    links = fields.get("links")
    first = links[0] if isinstance(links, list) and links else {}
    given = (first.get("href") if isinstance(first, dict) else "") or fields.get("client_url")
    return given if isinstance(given, str) and given.isprintable() else ""
