"""Turning what a client posts into letters that are safe to keep and send."""

from __future__ import annotations

import dataclasses
import email.message
import email.policy
import email.utils
import json
import re
import uuid

from postroom import limits

ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
MESSAGE_ID = re.compile(r"<[^@\s<>]{1,120}@[^@\s<>]{1,120}>")


class UnfitError(Exception):
    """What was posted is no letter."""


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A letter that may be accepted."""

    message_id: str
    recipient: str
    text: bytes


def read(body: bytes) -> list[Draft]:
    """One letter or a list of them; the first that is unfit refuses all."""
    try:
        posted = json.loads(body)
    except ValueError as error:
        raise UnfitError(f"This is not JSON: {error}") from None
    if isinstance(posted, dict):
        posted = [posted]
    if not isinstance(posted, list) or not posted:
        raise UnfitError("Post one letter, or a list of them.")
    return [_draft(item) for item in posted]


def _draft(item: object) -> Draft:
    if not isinstance(item, dict):
        raise UnfitError("A letter is an object with `to`, `subject` and `body`.")
    recipient = _field(item, "to", "")
    subject = _field(item, "subject", "(no subject)")
    message_id = _field(item, "message_id", f"<{uuid.uuid4()}@postroom.example>")
    if not ADDRESS.fullmatch(recipient):
        raise UnfitError(f"`to` is no address: {recipient[:80]!r}")
    if not subject.isprintable():
        raise UnfitError("`subject` must be one line of text.")
    if not MESSAGE_ID.fullmatch(message_id):
        raise UnfitError(f"`message_id` must look like <name@host>, not {message_id[:80]!r}")
    local, _, domain = recipient.rpartition("@")
    recipient = f"{local}@{domain.lower()}"
    text = _text(message_id, recipient, subject, _field(item, "body", ""))
    if len(text) > limits.LARGEST_LETTER:
        raise UnfitError(f"A letter may have {limits.LARGEST_LETTER} bytes; this has {len(text)}.")
    return Draft(message_id, recipient, text)


def _field(item: dict[str, object], name: str, default: str) -> str:
    value = item.get(name, default)
    if not isinstance(value, str):
        raise UnfitError(f"`{name}` must be text.")
    return value


def _text(message_id: str, recipient: str, subject: str, body: str) -> bytes:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "post@postroom.example"
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = email.utils.localtime()
    message["Message-ID"] = message_id
    message.set_content(body)
    return message.as_bytes()
