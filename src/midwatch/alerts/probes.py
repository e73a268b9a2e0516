"""The watch's own probes: what a look shows, since when, and which alerts follow from it."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from midwatch.alerts import fingerprints, model
from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("probes.sql"))
SOURCE = "probe"
BLIND = "blind"


@dataclasses.dataclass(frozen=True, slots=True)
class Probe:
    """Something that is looked at again and again."""

    name: str
    """Also the name of its alert."""
    every: datetime.timedelta
    lasting: datetime.timedelta
    """How long it must be bad before it is an alert: the rule's `for`."""
    severity: str = ""
    summary: str = ""
    runbook_url: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Good:
    """All is well."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bad:
    """Something is wrong: once for each set of labels."""

    found: tuple[Mapping[str, str], ...] = ({},)
    said: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Blind:
    """The look itself did not work: nobody knows, which is an alert of its own."""

    why: str


Look: TypeAlias = Good | Bad | Blind


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """One thing that a probe found bad, and since when."""

    fingerprint: str
    since: datetime.datetime
    started_at: datetime.datetime
    """What its alert has as its start, once it is one."""
    labels: Mapping[str, str]
    said: str
    firing: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What stands after a look, and the alerts that follow."""

    standing: tuple[Standing, ...]
    alerts: tuple[model.Alert, ...]


def judge(probe: Probe, before: Sequence[Standing], look: Look, now: datetime.datetime) -> Verdict:
    """What follows from one look. Blindness ends nothing: what fired goes on firing."""
    known = {each.fingerprint: each for each in before}
    found = _found(probe, look)
    standing, alerts = [], []
    for mark, (labels, said) in found.items():
        each = known.get(mark) or Standing(mark, now, now, labels, said, firing=False)
        if not each.firing and now - each.since >= probe.lasting:
            each = dataclasses.replace(each, firing=True, started_at=now)
            alerts.append(_alert(probe, each, model.Status.FIRING, now))
        standing.append(dataclasses.replace(each, labels=labels, said=said))
    for mark, each in known.items():
        if mark in found:
            continue
        if isinstance(look, Blind):
            standing.append(each)
        elif each.firing:
            alerts.append(_alert(probe, each, model.Status.RESOLVED, now))
    return Verdict(tuple(standing), tuple(alerts))


def _found(probe: Probe, look: Look) -> dict[str, tuple[Mapping[str, str], str]]:
    match look:
        case Good():
            return {}
        case Blind(why):
            return {BLIND: ({"blind": "yes"}, why)}
        case Bad(found, said):
            return {
                fingerprints.of_labels({**labels, "probe": probe.name}): (labels, said)
                for labels in found
            }


def _alert(
    probe: Probe, each: Standing, status: model.Status, now: datetime.datetime
) -> model.Alert:
    name = f"{probe.name}Unknown" if each.fingerprint == BLIND else probe.name
    summary = each.said if each.fingerprint == BLIND else probe.summary or _named(probe, each.said)
    annotations = {"summary": summary or probe.name}
    if probe.runbook_url:
        annotations["runbook_url"] = probe.runbook_url
    labels = {**each.labels, "alertname": name}
    if probe.severity:
        labels.setdefault("severity", probe.severity)
    return model.Alert(
        source=SOURCE,
        fingerprint=f"{probe.name}/{each.fingerprint}",
        name=name,
        status=status,
        started_at=each.started_at,
        labels=labels,
        annotations=annotations,
        ended_at=now if status is model.Status.RESOLVED else None,
    )


def _named(probe: Probe, said: str) -> str:
    """What a look said, under the name that the team gave the probe."""
    return said if not said or said.startswith(f"{probe.name}:") else f"{probe.name}: {said}"


def looked_at(where: store.Store) -> dict[str, datetime.datetime]:
    """When each probe last looked."""
    return {name: at for name, (at, _) in latest(where).items()}


def latest(where: store.Store) -> dict[str, tuple[datetime.datetime, str]]:
    """When each probe last looked, and what it saw: `good`, `bad: …` or `unknown: …`."""
    return {name: (moments.read(at), said) for name, at, said in where.rows(QUERIES["looked"])}


def gone(where: store.Store, known: Collection[str]) -> list[str]:
    """The probes that looked before, and are not arranged any more."""
    return [name for name in latest(where) if name not in known]


def forgetting(probe: str) -> list[store.Statement]:
    """It looks no more."""
    values = {"probe": probe}
    return [(QUERIES["forget"], values), (QUERIES["forget look"], values)]


def standing(where: store.Store, probe: str) -> list[Standing]:
    """What the probe found bad the last time."""
    return [
        Standing(
            fingerprint=mark,
            since=moments.read(since),
            started_at=moments.read(started),
            labels=json.loads(labels),
            said=said,
            firing=bool(firing),
        )
        for mark, since, started, labels, said, firing in where.rows(
            QUERIES["standing"], {"probe": probe}
        )
    ]


def writing(
    probe: Probe, verdict: Verdict, said: str, now: datetime.datetime
) -> list[store.Statement]:
    """Keep what stands after a look."""
    rows = [
        {
            "probe": probe.name,
            "fingerprint": each.fingerprint,
            "since": moments.write(each.since),
            "started_at": moments.write(each.started_at),
            "labels": json.dumps(dict(each.labels), ensure_ascii=False),
            "said": each.said,
            "firing": int(each.firing),
        }
        for each in verdict.standing
    ]
    look = {"probe": probe.name, "at": moments.write(now), "said": said}
    written: list[store.Statement] = [
        (QUERIES["forget"], {"probe": probe.name}),
        (QUERIES["look"], look),
    ]
    return [*written, (QUERIES["keep"], rows)] if rows else written
