"""Lists of alerts: those of an incident, with what became of each."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from midwatch.alerts import model
from midwatch.alerts import store as alerts
from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("lists.sql"))


def of_incident(where: store.Store, incident: str, limit: int) -> list[model.Episode]:
    """The alerts of an incident, the first first."""
    values = {"incident": incident, "limit": limit}
    rows = where.rows(alerts.QUERIES["of incident"], values)
    return [_episode(incident, *row) for row in rows]


def of_name(where: store.Store, name: str, limit: int) -> list[model.Episode]:
    """The alerts of that name, the latest first."""
    rows = where.rows(QUERIES["of name"], {"name": name, "limit": limit})
    return [_episode(row[-1], *row) for row in rows]


def _episode(incident: str | None, *row: Any) -> model.Episode:  # noqa: ANN401  (columns of the query)
    alert = model.Alert(
        source=row[0],
        fingerprint=row[1],
        started_at=moments.read(row[2]),
        name=row[3],
        status=model.Status(row[4]),
        labels=json.loads(row[5]),
        annotations=json.loads(row[6]),
        link=row[7],
        ended_at=moments.read_maybe(row[9]),
    )
    disposition = model.Disposition(row[10])
    return model.Episode(alert, moments.read(row[8]), disposition, row[11], incident)


def firing_in_open_incidents(
    where: store.Store,
) -> list[tuple[Mapping[str, str], datetime.datetime]]:
    """The labels of what fires in incidents that page, and since when."""
    rows = where.rows(alerts.QUERIES["firing in open incidents"])
    return [(json.loads(labels), moments.read(at)) for labels, at in rows]
