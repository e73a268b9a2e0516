"""Where in somebody's JSON the parts of an alert are: paths such as `alert.tags.service`."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from midwatch.alerts import fingerprints, model
from midwatch.base import errors
from midwatch.plugs.sources import alertmanager, document, times

LITERAL = "="
RESOLVED = frozenset(
    {
        *("resolved", "resolve", "ok", "okay", "up", "closed", "close", "recovered", "recovery"),
        *("normal", "success", "cleared", "clear", "inactive", "completed", "green", "healthy"),
    }
)
"""Words that say that it is over; any other word says that it fires."""
STARTS = (
    "starts_at",
    "startsAt",
    "started_at",
    "startedAt",
    "start_time",
    "triggered_at",
    "timestamp",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Paths:
    """For each part the places to look at, the first that holds anything; `=text` is the text."""

    each: tuple[str, ...] = ()
    """The list of alerts; empty where a message is one alert."""
    name: tuple[str, ...] = ("labels.alertname", "alertname", "alert_name", "name", "rule", "title")
    status: tuple[str, ...] = ("status", "state", "event_action", "alert_status")
    fingerprint: tuple[str, ...] = ("fingerprint", "dedup_key", "alias", "incident_key")
    severity: tuple[str, ...] = ("severity", "labels.severity", "priority", "level")
    started_at: tuple[str, ...] = STARTS
    ended_at: tuple[str, ...] = ("ends_at", "endsAt", "ended_at", "endedAt", "resolved_at")
    summary: tuple[str, ...] = ("summary", "annotations.summary", "message", "description", "text")
    runbook: tuple[str, ...] = ("runbook_url", "annotations.runbook_url", "runbook")
    link: tuple[str, ...] = ("url", "link", "generatorURL", "html_url")
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Labels by name; without any, what the message has under `labels` or `tags`."""
    resolved: frozenset[str] = RESOLVED


def find(given: object, path: str) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """What stands at the path; None where nothing does."""
    if path.startswith(LITERAL):
        return path.removeprefix(LITERAL)
    if isinstance(given, dict) and path in given:
        return given[path]
    for step in path.split("."):
        if isinstance(given, dict):
            given = given.get(step)
        elif isinstance(given, list) and step.isdecimal() and int(step) < len(given):
            given = given[int(step)]
        else:
            return None
    return given


def first(given: object, paths: Sequence[str]) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """What stands at the first path that holds anything."""
    for path in paths:
        found = find(given, path)
        if found is not None and found != "":
            return found
    return None


def alert(
    given: dict[str, Any], where: str, paths: Paths, source: str, *, now: datetime.datetime
) -> model.Alert:
    """The alert that a message tells of."""
    name = document.line(first(given, paths.name), "name", where)
    if not name:
        raise errors.UserError(
            f"{where} has no name at {', '.join(paths.name)}.",
            f"Say where it stands: name in [sources.{source}.mapping].",
        )
    labels = _labels(given, where, paths)
    severity = document.line(first(given, paths.severity), "severity", where)
    labels = {"alertname": name, **labels} | ({"severity": severity} if severity else {})
    key = document.line(first(given, paths.fingerprint), "fingerprint", where)
    started = times.read(first(given, paths.started_at), f"{where}, its start")
    over = _status(given, where, paths) is model.Status.RESOLVED
    ended = times.read(first(given, paths.ended_at), f"{where}, its end") if over else None
    return model.Alert(
        source=source,
        fingerprint=key[: document.LONGEST_NAME] or _fingerprint(labels),
        name=name,
        status=model.Status.RESOLVED if over else model.Status.FIRING,
        started_at=started or now,
        labels=labels,
        annotations=_annotations(given, where, paths, started, now=now),
        ended_at=(ended or now) if over else None,
        link=document.line(first(given, paths.link), "link", where),
        undated=True,
    )


def _fingerprint(labels: Mapping[str, str]) -> str:
    """A severity may change while it goes on; whatever else differs is another alert."""
    return fingerprints.of_labels({k: v for k, v in labels.items() if k != "severity"})


def _status(given: dict[str, Any], where: str, paths: Paths) -> model.Status:
    word = document.line(first(given, paths.status), "status", where).lower()
    return model.Status.RESOLVED if word in paths.resolved else model.Status.FIRING


def _labels(given: dict[str, Any], where: str, paths: Paths) -> dict[str, str]:
    if paths.labels:
        found = {name: find(given, path) for name, path in paths.labels.items()}
        return document.labels({k: v for k, v in found.items() if v is not None}, where)
    own = first(given, ("labels", "tags"))
    return document.labels(own, where) if isinstance(own, dict) else {}


def _annotations(
    given: dict[str, Any],
    where: str,
    paths: Paths,
    started: datetime.datetime | None,
    *,
    now: datetime.datetime,
) -> dict[str, str]:
    own = given.get("annotations")
    found = document.notes(own, where) if isinstance(own, dict) else {}
    for key, places in (("summary", paths.summary), ("runbook_url", paths.runbook)):
        told = first(given, places)
        if told is not None and not isinstance(told, dict | list):
            found[key] = document.text(told, key, where)
    odd = times.skew(started, now) if started else ""
    return found | ({alertmanager.NOTE: odd} if odd else {})
