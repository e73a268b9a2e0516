"""Webhooks: a CloudEvent, signed as Standard Webhooks says, so that a receiver can be sure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Collection
from typing import Any

from midwatch.base import clock, errors
from midwatch.db import moments
from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel, exchange, wording

NAME = "webhook"
GONE = 410
PREFIX = "whsec_"
LEAST_SECRET = 16


class Webhook:
    """Any receiver of JSON; the person's address is its URL."""

    def __init__(
        self,
        secret: str,
        ticks: clock.Clock,
        *,
        source: str = "midwatch",
        own: Collection[str] = (),
    ) -> None:
        self._secret = secret
        self._key = key(secret)
        self._ticks = ticks
        self._source = source
        self._own = frozenset(place(each) for each in own if each)

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Post it; 410 says that nobody is there any more."""
        if place(message.address) in self._own:
            return delivery.Never("the address is Midwatch itself: its own pages would be alerts")
        now = self._ticks.now()
        body = json.dumps(event(message, self._source), ensure_ascii=False).encode()
        name = message_id(message)
        stamp = str(int(now.timestamp()))
        headers = {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self._key, name, stamp, body),
            "idempotency-key": name,
        }
        answer = exchange.ask(exchange.Request(message.address, body, headers))
        if isinstance(answer, delivery.Later):
            return answer
        if answer.status == GONE:
            return delivery.Never("answered 410: the receiver is gone for good")
        judged = exchange.judged(answer, "", now)
        return judged or delivery.Accepted(f"{answer.status} {name}")

    def check(self) -> channel.Checked:
        """Nothing can be asked of a receiver without sending it something."""
        return channel.Checked(fine=True, told="signs; receivers are proved by `midwatch page`")


def place(url: str) -> str:
    """Scheme, host and port: what makes two addresses one server."""
    parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = (parts.hostname or "").lower()
    return f"{'127.0.0.1' if host in {'localhost', '::1', '0.0.0.0'} else host}:{port}"  # noqa: S104


def key(secret: str) -> bytes:
    """The bytes that sign: base64, with or without `whsec_` before it."""
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) < LEAST_SECRET:
        raise errors.UserError(
            "The secret of [channels.webhook] is no base64 of at least 16 bytes.",
            'Make one: printf "whsec_%s\\n" "$(openssl rand -base64 32)"',
        )
    return found


def signature(signing: bytes, name: str, stamp: str, body: bytes) -> str:
    """The signature over id, time and body, as `webhook-signature` carries it."""
    signed = f"{name}.{stamp}.".encode() + body
    digest = hmac.new(signing, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def message_id(message: messages.Message) -> str:
    """The same for each try of a message."""
    return f"msg_{hashlib.sha256(message.key.encode()).hexdigest()[:32]}"


def event(message: messages.Message, source: str) -> dict[str, Any]:
    """The message as a CloudEvent."""
    words = wording.of(message)
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": message_id(message),
        "source": source,
        "type": f"midwatch.{'incident' if message.incident else 'watch'}.{message.kind.value}",
        "time": moments.write(message.due_at),
        "datacontenttype": "application/json",
        "data": {**message.body, "headline": words.headline, "person": message.person},
    }
    return {**made, "subject": message.incident} if message.incident else made
