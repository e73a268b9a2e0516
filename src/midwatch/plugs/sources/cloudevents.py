"""CloudEvents 1.0 over HTTP: structured, binary, and batches."""

from __future__ import annotations

import dataclasses
import datetime
import urllib.parse
from collections.abc import Mapping
from typing import Any

from midwatch.alerts import model
from midwatch.base import errors
from midwatch.plugs.sources import alertmanager, document, mapping, taken, times

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
HEADER = "ce-"
REQUIRED = ("id", "source", "type", "specversion")
LABELS = {"event_source": "source", "event_type": "type", "subject": "subject"}


def webhook(
    body: bytes,
    headers: Mapping[str, str],
    source: str,
    *,
    now: datetime.datetime,
    paths: mapping.Paths,
) -> taken.Taken:
    """The alerts of a message; the names of its headers are in lower case."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == BATCH:
        given = document.listed(document.load(body), "The batch")
    elif kind == STRUCTURED:
        given = [document.load(body)]
    else:
        given = [_binary(body, headers)]
    return alertmanager.each(
        given, "event", lambda fields, where: _alert(fields, where, source, paths, now=now)
    )


def _binary(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """In binary mode the attributes are headers, and the body is the data."""
    fields: dict[str, Any] = {
        name.removeprefix(HEADER): urllib.parse.unquote(value)
        for name, value in headers.items()
        if name.startswith(HEADER)
    }
    if not fields:
        raise errors.UserError(
            "This is no CloudEvent: there are no `ce-` headers.",
            f"Send them, or the whole event as {STRUCTURED}.",
        )
    return {**fields, "data": document.load(body) if body.strip() else {}}


def _alert(
    fields: dict[str, Any],
    where: str,
    source: str,
    paths: mapping.Paths,
    *,
    now: datetime.datetime,
) -> model.Alert:
    for name in REQUIRED:
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise errors.UserError(f"{where} has no {name}, which every CloudEvent must have.")
    if not fields["specversion"].startswith("1."):
        raise errors.UserError(f"{where} is of CloudEvents {fields['specversion'][:10]}, not 1.x.")
    data = fields.get("data")
    told = dict(data) if isinstance(data, dict) else {"message": data}
    subject = fields.get("subject") or ""
    told.setdefault("name", fields["type"])
    told.setdefault("status", fields["type"].rpartition(".")[2])
    told.setdefault("fingerprint", f"{fields['source']} {subject or fields['type']}")
    found = mapping.alert({**told, "event": fields}, where, paths, source, now=now)
    own = {name: fields[key] for name, key in LABELS.items() if fields.get(key)}
    sent = times.read(fields.get("time"), f"{where}.time")
    return dataclasses.replace(
        found,
        labels={**document.labels(own, where), **found.labels},
        started_at=found.started_at if found.started_at != now else sent or now,
    )
