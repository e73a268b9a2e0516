"""Grafana's webhook: Alertmanager's message with more in it, signed where that is set up."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from typing import Any

from midwatch.alerts import model
from midwatch.base import errors
from midwatch.plugs.sources import alertmanager, document, taken

SIGNATURE = "x-grafana-alerting-signature"
OLDEST = datetime.timedelta(minutes=5)
LINKS = ("panelURL", "dashboardURL", "generatorURL")
"""Where Grafana shows an alert, the most telling first."""
OLD_STATES = {"alerting": "firing", "no_data": "firing", "ok": "resolved", "paused": "resolved"}
"""What Grafana 8 and older say of a whole message."""


def webhook(body: bytes, source: str, now: datetime.datetime) -> taken.Taken:
    """The alerts of a webhook message, each by itself."""
    message = document.table(document.load(body), "The message")
    if "alerts" not in message and message.get("state") in OLD_STATES:
        message = {"alerts": [_old(message)]}
    given = document.listed(message.get("alerts"), "alerts")
    found = alertmanager.each(
        given, "alerts", lambda fields, where: _alert(fields, where, source, now)
    )
    cut = message.get("truncatedAlerts", 0)
    told = (
        (f"{cut} more alerts were cut off by Grafana.",) if isinstance(cut, int) and cut > 0 else ()
    )
    return taken.Taken(found.alerts, found.refused, (*found.notes, *told))


def _alert(fields: dict[str, Any], where: str, source: str, now: datetime.datetime) -> model.Alert:
    link = next(
        (fields[key] for key in LINKS if isinstance(fields.get(key), str) and fields[key]), ""
    )
    values = fields.get("valueString")
    given = {**fields, "generatorURL": link}
    if isinstance(values, str) and values:
        notes = document.table(fields.get("annotations") or {}, f"{where}.annotations")
        given["annotations"] = {"values": values, **notes}
    return alertmanager.notified(given, where, source, now)


def _old(message: dict[str, Any]) -> dict[str, Any]:
    """A message of Grafana 8 and older is one alert, named by its rule."""
    name = message.get("ruleName") or message.get("title") or alertmanager.NAMELESS
    tags = message.get("tags")
    return {
        "status": OLD_STATES[message["state"]],
        "labels": {"alertname": name, **(tags if isinstance(tags, dict) else {})},
        "annotations": {"summary": message.get("message") or ""},
        "generatorURL": message.get("ruleUrl") or "",
    }


def require_signature(secret: str, body: bytes, signature: str, sent: str) -> None:
    """Refuse a message whose signature is not that of the secret.

    Grafana signs the body alone, or `seconds:body` where it is told to send the time as well.
    """
    signed = f"{sent}:".encode() + body if sent else body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.strip().lower().encode()):
        raise errors.DeniedError(
            "The signature is not that of this source's secret.",
            "Compare the secret of the contact point with `signing_secret` in midwatch.toml.",
        )


def require_fresh(sent: str, now: datetime.datetime) -> None:
    """Refuse a signed message that is old: somebody may be playing it back."""
    try:
        at = datetime.datetime.fromtimestamp(float(sent), datetime.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise errors.DeniedError("The time of the signature is no number of seconds.") from error
    if abs(now - at) > OLDEST:
        raise errors.DeniedError("The signature is older than five minutes, or of another clock.")
