"""How a message looks in Slack: a headline, a few facts, and buttons that carry an id only."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any

from midwatch.incidents import messages
from midwatch.plugs.channels import wording

ACTION = "midwatch:"
HEADER, SECTION, FIELD = 150, 2900, 1900
MARKS = {
    messages.Kind.PAGE: "🔴",
    messages.Kind.REMINDER: "🟠",
    messages.Kind.UPDATE: "🔵",
    messages.Kind.STANDING: "🔵",
    messages.Kind.TEST: "⚪",
    messages.Kind.NOTICE: "⚪",
}
STANDING = {"acknowledged": "🟡", "resolved": "🟢", "open": "🔴"}


class Verb(enum.StrEnum):
    """What a button asks for."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    SNOOZE = "snooze"
    ESCALATE = "escalate"


@dataclasses.dataclass(frozen=True, slots=True)
class Pressed:
    """A button that somebody pressed: who, on what, and where it stands."""

    verb: Verb
    incident: str
    user: str
    """Slack's id of whoever pressed it: the address of a person in midwatch.toml."""
    place: str
    stamp: str


BUTTONS = ((Verb.ACKNOWLEDGE, "Acknowledge", "primary"), (Verb.SNOOZE, "Snooze 30 min", ""))


def summary(message: messages.Message) -> str:
    """The line that a phone shows, and that a screen reader reads."""
    words = wording.of(message)
    return escape(f"{words.headline} — {words.lead}" if words.lead else words.headline)


def blocks(message: messages.Message) -> list[dict[str, Any]]:
    """The whole message."""
    words = wording.of(message)
    if message.thread and message.kind is messages.Kind.UPDATE:
        told = escape(words.lead or words.headline)
        return [_section(f"{told}\n`{escape(words.answer)}`" if words.answer else told)]
    made = [_header(f"{MARKS[message.kind]} {words.headline}")]
    if words.lead:
        made.append(_section(escape(words.lead)))
    facts = [_mrkdwn(f"*{name}*\n{escape(value)}"[:FIELD]) for name, value in words.facts]
    if facts:
        made.append({"type": "section", "fields": facts[:10]})
    if words.lines:
        shown = "\n".join(words.lines).replace("```", "'''")
        made.append(_section(f"```{escape(shown)[: SECTION - 6]}```"))
    buttons = _buttons(message, words)
    return [*made, buttons] if buttons else made


def standing(message: messages.Message) -> list[dict[str, Any]]:
    """The first message of an incident as it is after this one."""
    words = wording.of(message)
    status = str(message.body.get("status") or "open")
    made = [
        _header(f"{STANDING.get(status, '🔵')} {words.headline}"),
        _section(escape(words.lead or status)),
    ]
    if status == "resolved":
        return made
    buttons = _buttons(message, words, only_link=status == "acknowledged")
    return [*made, buttons] if buttons else made


def _buttons(
    message: messages.Message, words: wording.Words, *, only_link: bool = False
) -> dict[str, Any] | None:
    elements: list[dict[str, Any]] = []
    if message.incident and not only_link and message.body.get("status", "open") == "open":
        elements += [
            _button(verb, label, style, message.incident) for verb, label, style in BUTTONS
        ]
    if words.link:
        elements.append(
            {"type": "button", "text": _plain("Open"), "url": words.link, "action_id": "open"}
        )
    return {"type": "actions", "elements": elements} if elements else None


def _button(verb: Verb, label: str, style: str, incident: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "button",
        "text": _plain(label),
        "action_id": f"{ACTION}{verb.value}",
        "value": incident,
    }
    return {**made, "style": style} if style else made


def _header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": _plain(text[:HEADER])}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text[:SECTION])}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def escape(text: str) -> str:
    """Text that mentions nobody and links nowhere, whatever an alert holds."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
