"""What a message says, in the words that every channel shares; alerts are strangers' text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.incidents import messages

CONTROLS = lazy.pattern(
    r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]"
)
SPACES = lazy.pattern(r"\s+")
LONGEST_LINE = 300
LONGEST_TITLE = 150


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """A message in plain words."""

    headline: str
    """One line that says what it is: `[P1] Orders are not delivered`."""
    lead: str
    """What is wanted of whoever reads it, or what happened."""
    facts: tuple[tuple[str, str], ...]
    """Name and value: the procedure, what fires, why it is them."""
    lines: tuple[str, ...]
    """What the diagnosis showed, and other lines, shortened."""
    link: str
    answer: str
    """How to answer from a terminal; empty where no answer is wanted."""


def of(message: messages.Message) -> Words:
    """The words of a message."""
    body = message.body
    title = line(body.get("title") or "Midwatch", LONGEST_TITLE)
    severity = line(body.get("severity") or "", 40)
    headline = f"[{severity}] {title}" if severity else title
    return Words(
        headline=PREFIX.get(message.kind, "") + headline,
        lead=line(body.get("why") or ""),
        facts=tuple(_facts(message)),
        lines=tuple(line(each) for each in body.get("lines") or ())[:20],
        link=_link(body.get("link")),
        answer=_answer(message),
    )


def _answer(message: messages.Message) -> str:
    if message.incident and wants_answer(message):
        return f"midwatch ack {message.incident}"
    return line(message.body.get("answer") or "")


PREFIX = {messages.Kind.TEST: "Test page: ", messages.Kind.REMINDER: "Still yours? "}


def wants_answer(message: messages.Message) -> bool:
    """Whether somebody should say that it is theirs."""
    return message.kind in {messages.Kind.PAGE, messages.Kind.REMINDER}


def _facts(message: messages.Message) -> Iterator[tuple[str, str]]:
    body = message.body
    runbook, procedure = line(body.get("runbook") or ""), line(body.get("procedure") or "")
    if runbook:
        yield "Runbook", f"{runbook}#{procedure}" if procedure else runbook
    firing = body.get("firing")
    if isinstance(firing, int) and firing:
        alerts = body.get("alerts")
        of_all = f" of {alerts}" if isinstance(alerts, int) and alerts > firing else ""
        yield "Firing", f"{firing}{of_all} " + ("alert" if firing == 1 and not of_all else "alerts")
    if body.get("because"):
        yield "Why you", line(body["because"])
    if message.incident:
        yield "Incident", message.incident


def line(value: object, most: int = LONGEST_LINE) -> str:
    """One line of somebody else's text, without characters that steer a terminal or hide others."""
    text = SPACES.sub(" ", CONTROLS.sub("", str(value))).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _link(value: object) -> str:
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) and not SPACES.search(text) else ""
