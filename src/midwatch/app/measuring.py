"""The use case behind `midwatch measures`: how long incidents took, for each procedure."""

from __future__ import annotations

import collections
import dataclasses

from midwatch.alerts import lists as alert_lists
from midwatch.app import watching
from midwatch.incidents import measures
from midwatch.incidents import store as incidents

MOST = 1000
ALL = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """The medians of one procedure's incidents."""

    procedure: str
    """RUNBOOK#PROCEDURE; empty for those without one."""
    summary: measures.Summary


def measure(asking: watching.Asking) -> list[Line]:
    """The latest incidents by their procedure, those with the most first."""
    page = watching.listed(asking, status="all", limit=MOST, after="")
    found: dict[str, list[measures.Measures]] = collections.defaultdict(list)
    for row in page.rows:
        found[_procedure(row)].append(_of(asking, row.id))
    lines = [Line(name, measures.summary(each)) for name, each in found.items()]
    return sorted(lines, key=lambda line: (-line.summary.incidents, line.procedure))


def _procedure(row: incidents.Row) -> str:
    return f"{row.runbook}#{row.procedure}" if row.procedure else ALL


def _of(asking: watching.Asking, incident: str) -> measures.Measures:
    alerts = alert_lists.of_incident(asking.where, incident, 1)
    started = alerts[0].alert.started_at if alerts else None
    return measures.of(incidents.timeline(asking.where, incident), started)
