"""Any JSON: midwatch.toml says where the parts of an alert stand in it."""

from __future__ import annotations

import datetime

from midwatch.plugs.sources import alertmanager, document, mapping, taken


def webhook(body: bytes, source: str, now: datetime.datetime, paths: mapping.Paths) -> taken.Taken:
    """The alerts of a message: one, or those of the list that `each` names."""
    message = document.load(body)
    given = mapping.first(message, paths.each) if paths.each else message
    alerts = given if isinstance(given, list) else [given]
    return alertmanager.each(
        alerts,
        "alert",
        lambda fields, where: mapping.alert(fields, where, paths, source, now=now),
    )
