"""Lists of alerts: those of an incident, with what became of each."""

from __future__ import annotations

import json
from typing import Any

from midwatch.alerts import model
from midwatch.alerts import store as alerts
from midwatch.db import moments, store


def of_incident(where: store.Store, incident: str, limit: int) -> list[model.Episode]:
    """The alerts of an incident, the first first."""
    values = {"incident": incident, "limit": limit}
    rows = where.rows(alerts.QUERIES["of incident"], values)
    return [_episode(incident, *row) for row in rows]


def _episode(incident: str, *row: Any) -> model.Episode:  # noqa: ANN401  (columns of the query)
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
