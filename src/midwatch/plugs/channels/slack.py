"""Slack: pages with buttons, what follows in their thread, and what a press of a button means."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

from midwatch.base import clock
from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel, exchange, slack_blocks

NAME = "slack"
LATER = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""What Slack says of itself; everything else it refuses for good."""


class Slack:
    """A bot of one workspace."""

    def __init__(self, token: str, url: str, ticks: clock.Clock) -> None:
        self._token = token
        self._url = url.rstrip("/")
        self._ticks = ticks

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Post it; the first of an incident begins a thread that the others go into."""
        place, _, stamp = message.thread.partition("/")
        if not stamp:
            return self._call("chat.postMessage", _fields(message, message.address))
        if message.kind is messages.Kind.STANDING:
            changed = self._renew(message, place, stamp)
            gone = isinstance(changed, delivery.Never)
            return delivery.Accepted("nothing stands there any more") if gone else changed
        loud = message.kind in {messages.Kind.PAGE, messages.Kind.REMINDER}
        follows = {"thread_ts": stamp, "reply_broadcast": loud}
        attempt = self._call("chat.postMessage", _fields(message, place) | follows)
        if isinstance(attempt, delivery.Never):  # the thread was deleted: begin anew
            return self._call("chat.postMessage", _fields(message, message.address))
        if isinstance(attempt, delivery.Accepted):
            self._renew(message, place, stamp)
        return attempt

    def _renew(self, message: messages.Message, place: str, stamp: str) -> delivery.Attempt:
        """Let the first message show how it stands: one that is over has no buttons any more."""
        text = slack_blocks.summary(message)
        blocks = slack_blocks.standing(message)
        return self._call(
            "chat.update", {"channel": place, "ts": stamp, "text": text, "blocks": blocks}
        )

    def check(self) -> channel.Checked:
        """Whether the token is good (`auth.test`)."""
        answer = self._post("auth.test", {})
        if isinstance(answer, delivery.Later):
            return channel.Checked(fine=False, told=answer.why)
        said = answer.json()
        if said.get("ok") is not True:
            return channel.Checked(fine=False, told=self._refusal(answer).why)
        team, user = (exchange.clean(said.get(key) or "?", self._token) for key in ("team", "user"))
        return channel.Checked(fine=True, told=f"the bot {user} of {team}")

    def _call(self, method: str, fields: Mapping[str, Any]) -> delivery.Attempt:
        answer = self._post(method, fields)
        if isinstance(answer, delivery.Later):
            return answer
        said = answer.json()
        if said.get("ok") is True:
            place, stamp = str(said.get("channel") or ""), str(said.get("ts") or "")
            return delivery.Accepted(f"{place}/{stamp}" if place and stamp else "")
        return self._refusal(answer)

    def _post(self, method: str, fields: Mapping[str, Any]) -> exchange.Answer | delivery.Later:
        return exchange.ask(
            exchange.Request(
                f"{self._url}/{method}",
                json.dumps(fields).encode(),
                {
                    "authorization": f"Bearer {self._token}",
                    "content-type": "application/json; charset=utf-8",
                },
            )
        )

    def _refusal(self, answer: exchange.Answer) -> delivery.Later | delivery.Never:
        code = answer.json().get("error")
        told = exchange.clean(code, self._token) if isinstance(code, str) else ""
        now = self._ticks.now()
        judged = exchange.judged(answer, told, now)
        if isinstance(judged, delivery.Later | delivery.Never):
            return judged
        if told in LATER:
            return delivery.Later(f"Slack: {told}", exchange.retry_after(answer.headers, now))
        if not told:
            return delivery.Later("what answered does not speak as Slack does")
        hint = HINTS.get(told, "")
        return delivery.Never(f"Slack: {told}{hint}")


HINTS = {
    "channel_not_found": " (no such channel or member, or the bot is not in it)",
    "not_in_channel": " (invite the bot to the channel)",
    "invalid_auth": " (the token is not good)",
    "missing_scope": " (the bot needs the scope chat:write)",
}


def _fields(message: messages.Message, place: str) -> dict[str, Any]:
    known = {"key": message.key, "incident": message.incident or ""}
    return {
        "channel": place,
        "text": slack_blocks.summary(message),
        "blocks": slack_blocks.blocks(message),
        "unfurl_links": False,
        "metadata": {"event_type": "midwatch_message", "event_payload": known},
    }


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, now: float, *, within: float = 300.0
) -> bool:
    """Whether Slack itself sent this, and just now: its signature over the time and the body."""
    lower = {name.lower(): value for name, value in headers.items()}
    stamp = lower.get("x-slack-request-timestamp", "")
    signed = lower.get("x-slack-signature", "")
    if not secret or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:  # noqa: PLR2004
        return False
    if abs(now - int(stamp)) > within:
        return False
    base = b"v0:" + stamp.encode() + b":" + body
    wanted = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signed.encode("utf-8", "replace"))


def pressed(body: bytes) -> slack_blocks.Pressed | None:
    """The button that somebody pressed, from the form that Slack sends; None where it is none."""
    try:
        form = urllib.parse.parse_qs(body.decode("utf-8"), max_num_fields=20)
        payload = json.loads(form["payload"][0])
        action = payload["actions"][0]
        verb = slack_blocks.Verb(str(action["action_id"]).removeprefix(slack_blocks.ACTION))
        place = payload.get("container") or {}
        return slack_blocks.Pressed(
            verb=verb,
            incident=str(action["value"]),
            user=str(payload["user"]["id"]),
            place=str(place.get("channel_id") or ""),
            stamp=str(place.get("message_ts") or ""),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None
