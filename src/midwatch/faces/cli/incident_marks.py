"""How an incident and its timeline look in a terminal."""

from __future__ import annotations

import datetime

from midwatch.incidents import model, timeline

STATUS = {
    model.Status.OPEN: ("●", "bold red"),
    model.Status.ACKNOWLEDGED: ("◐", "yellow"),
    model.Status.RESOLVED: ("○", "green"),
}
KINDS = {
    "alert": ("▲", "red"),
    "page": ("✉", "yellow"),
    "message": ("·", "dim"),
    "person": ("☺", "cyan"),
    "run": ("▶", "blue"),
    "decision": ("◇", "magenta"),
}


def status(given: model.Status) -> tuple[str, str]:
    """The mark of a status, and its style."""
    return STATUS[given]


def kind(entry: timeline.Entry) -> tuple[str, str]:
    """The mark of a line of the timeline, and its style."""
    return KINDS.get(entry.kind, ("·", ""))


def ago(then: datetime.datetime, now: datetime.datetime) -> str:
    """How long ago, in the largest unit that fits: `3 min`."""
    seconds = max((now - then).total_seconds(), 0.0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
