"""Conditions in a sentence: "If database issues:", "Restart KEDA if needed", "(optional)"."""

from __future__ import annotations

import dataclasses
import re

LEADING = re.compile(
    r"(?:otherwise,?\s+|but\s+|and\s+)?(?:only\s+)?(?:if|when|unless|in case(?:\s+of)?|in the event(?:\s+of|\s+that)?|for)\s+(?P<condition>.+)$",
    re.IGNORECASE | re.DOTALL,
)
BREAK = re.compile(
    r"\s*(?:,\s+(?:then\s+)?|\s+then\s+|:\s+|:$|\s*(?:\u2192|->|=>|\u21d2|\u279c|\u27f6)\s*|\s+[\u2013\u2014-]{1,2}\s+)"
)
TAIL = re.compile(
    r"(?<!\w)(?:only\s+)?(?:if|unless|in case(?:\s+of)?)\s+(?P<condition>[^.:;()]{2,120})",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"\((?P<condition>(?:if|when|unless|only|optional|in case)[^()]{0,120})\)", re.IGNORECASE
)
ASKING = re.compile(
    r"\b(?:check|checks|see|verify|determine|confirm|know|decide|test|find out|tell|understand|ask|assess|wonder|validate|investigate|identify|look|indicate|indicates|shows?)(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
ARROW = re.compile(r"\s*(?:\u2192|->|=>|\u21d2|\u279c|\u27f6|\u27a1\ufe0f?)\s*")
FOR = re.compile(
    r"for\s+[\w /-]+?(?:issues?|problems?|failures?|errors?|alerts?|outages?|incidents?)\b",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Conditional:
    """A condition, and what is to be done under it."""

    condition: str
    action: str


def read(sentence: str) -> Conditional | None:
    """The condition of a sentence without marks."""
    text = sentence.strip()
    leading = LEADING.match(text)
    if leading and not (text[:4].lower() == "for " and not FOR.match(text)):
        parts = BREAK.split(leading.group("condition"), maxsplit=1)
        action = parts[1].strip() if len(parts) > 1 else ""
        return Conditional(_clean(parts[0], text), action)
    aside = ASIDE.search(text)
    if aside:
        condition = re.sub(r"^(?:only\s+)?(?:if|when)\s+", "", aside.group("condition"), flags=re.IGNORECASE)
        action = f"{text[: aside.start()]}{text[aside.end() :]}".strip(" :")
        return Conditional(condition.strip(), action)
    tail = TAIL.search(text)
    if tail and tail.start() > 0 and not ASKING.search(text[: tail.start()]):
        return Conditional(tail.group("condition").strip(" ,"), text[: tail.start()].strip(" ,"))
    return None


def arrow(sentence: str) -> Conditional | None:
    """A condition and an action with an arrow between them."""
    parts = ARROW.split(sentence.strip(), maxsplit=1)
    if len(parts) != 2 or not parts[0].strip() or not parts[1].strip():
        return None
    condition = re.sub(r"^(?:if|when)\s+", "", parts[0].strip(), flags=re.IGNORECASE)
    return Conditional(condition.strip(" :"), parts[1].strip())


def _clean(condition: str, text: str) -> str:
    word = text.split(None, 1)[0].lower()
    kept = condition.strip(" .:,")
    return f"{word} {kept}" if word in {"unless", "for"} else kept
