"""PagerDuty: Events API v2, one incident there for each one here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from midwatch.base import clock
from midwatch.incidents import delivery, messages, model
from midwatch.plugs.channels import channel, exchange, wording

NAME = "pagerduty"
LONGEST_KEY, LONGEST_SUMMARY = 255, 1024
SEVERITIES = {
    "critical": ("critical", "crit", "p0", "p1", "sev0", "sev1", "emergency", "page", "fatal"),
    "error": ("error", "high", "p2", "sev2", "major"),
    "warning": ("warning", "warn", "medium", "p3", "sev3", "minor"),
    "info": ("info", "low", "p4", "p5", "sev4", "none", "notice"),
}
ACTIONS = {model.Status.ACKNOWLEDGED.value: "acknowledge", model.Status.RESOLVED.value: "resolve"}


class PagerDuty:
    """Services by name; each has a routing key."""

    def __init__(self, keys: Mapping[str, str], url: str, ticks: clock.Clock) -> None:
        self._keys = dict(keys)
        self._url = url.rstrip("/")
        self._ticks = ticks

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Trigger, acknowledge or resolve; the incident's id keeps repeats together."""
        key = self._keys.get(message.address)
        if key is None:
            return delivery.Never(f"there is no routing key “{message.address}”")
        content = json.dumps(event(message, key)).encode()
        headers = {"content-type": "application/json"}
        answer = exchange.ask(exchange.Request(f"{self._url}/v2/enqueue", content, headers))
        if isinstance(answer, delivery.Later):
            return answer
        told = self._told(answer)
        judged = exchange.judged(answer, told, self._ticks.now())
        if judged is not None:
            return judged
        receipt = answer.json().get("dedup_key")
        if not isinstance(receipt, str):
            return delivery.Later("what answered does not speak as PagerDuty does")
        return delivery.Accepted(exchange.clean(receipt, *self._keys.values()))

    def check(self) -> channel.Checked:
        """Whether the server answers; a key is proved by nothing but an event."""
        answer = exchange.ask(exchange.Request(f"{self._url}/v2/enqueue", b"{}"))
        if isinstance(answer, delivery.Later):
            return channel.Checked(fine=False, told=answer.why)
        if answer.status >= exchange.SERVER_ERRORS or answer.status in exchange.REDIRECTS:
            return channel.Checked(fine=False, told=f"answered {answer.status}")
        keys = "1 routing key" if len(self._keys) == 1 else f"{len(self._keys)} routing keys"
        return channel.Checked(fine=True, told=f"answers; {keys}, proved only by `midwatch page`")

    def _told(self, answer: exchange.Answer) -> str:
        said = answer.json()
        found = said.get("errors")
        errors = "; ".join(str(each) for each in found) if isinstance(found, list) else ""
        return exchange.clean(errors or said.get("message") or "", *self._keys.values())


def event(message: messages.Message, routing_key: str) -> dict[str, Any]:
    """The event as PagerDuty takes it."""
    words = wording.of(message)
    action = "trigger"
    if message.kind in {messages.Kind.UPDATE, messages.Kind.STANDING}:
        action = ACTIONS.get(str(message.body.get("status")), "trigger")
    made: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": (message.incident or message.key)[:LONGEST_KEY],
    }
    if action != "trigger":
        return made
    made["payload"] = {
        "summary": words.headline[:LONGEST_SUMMARY],
        "source": str(message.body.get("runbook") or "midwatch"),
        "severity": severity(str(message.body.get("severity") or "")),
        "custom_details": {"why": words.lead, **dict(words.facts), "lines": list(words.lines)},
    }
    if words.link:
        made["links"] = [{"href": words.link, "text": "Open in Midwatch"}]
    return made


def severity(word: str) -> str:
    """The severity of PagerDuty that a word means; a word that is not known is worth waking for."""
    head = word.casefold().split("(")[0].strip().replace("-", "").replace(" ", "")
    return next((name for name, words in SEVERITIES.items() if head in words), "critical")
