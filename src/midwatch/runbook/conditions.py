"""Conditions in a sentence: "If database issues:", "Restart KEDA if needed", "(optional)"."""

from __future__ import annotations

import re

from midwatch.base import lazy, shape

LEADING = lazy.pattern(
    r"(?:otherwise,?\s+|but\s+|and\s+)?(?:only\s+)?(?:if"
    r"|when|unless|in case(?:\s+of)?|in the event(?:\s+of"
    r"|\s+that)?|for)\s+(?P<condition>.+)$",
    re.IGNORECASE | re.DOTALL,
)
ARROWS = r"\s*(?:\u2192|->|=>|\u21d2|\u279c|\u27f6|\u27a1\ufe0f?)\s*"
BREAKS = tuple(
    lazy.pattern(pattern)
    for pattern in (
        ARROWS,
        r"\s*,\s+(?:then\s+)?|\s+then\s+",
        r":\s+|:$|\s+[\u2013\u2014-]{1,2}\s+",
    )
)
"""What parts a condition from its action, the surest first."""
TAIL = lazy.pattern(
    r"(?<!\w)(?:only\s+)?(?:if|unless|in case(?:\s+of)?)\s+(?P<condition>[^.:;()]{2,120})",
    re.IGNORECASE,
)
ASIDE = lazy.pattern(
    r"\((?P<condition>(?:if|when|unless|only|optional|in case)[^()]{0,120})\)", re.IGNORECASE
)
ASKING = lazy.pattern(
    r"\b(?:check|checks|see|verify|determine|confirm|know"
    r"|decide|test|find out|tell|understand|ask|assess|wonder"
    r"|validate|investigate|identify|look|indicate|indicates"
    r"|shows?)(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
ARROW = lazy.pattern(ARROWS)
SENTENCE = lazy.pattern(r"(?<=\w{2}[.!?])\s+(?=[A-Z\"'(])")
LONGEST = 300
FOR = lazy.pattern(
    r"for\s+[\w /-]+?(?:issues?|problems?|failures?|errors?|alerts?|outages?|incidents?)\b",
    re.IGNORECASE,
)


@shape.frozen
class Conditional:
    """A condition, and what is to be done under it."""

    condition: str
    action: str


def read(sentence: str) -> Conditional | None:
    """The condition of a sentence without marks."""
    text = SENTENCE.split(sentence.strip(), maxsplit=1)[0]
    if len(text) > LONGEST:
        return None
    leading = LEADING.match(text)
    if leading and not (text[:4].lower() == "for " and not FOR.match(text)):
        condition, action = _parted(leading.group("condition"))
        return Conditional(_clean(condition, text), action)
    aside = ASIDE.search(text)
    if aside:
        condition = re.sub(
            r"^(?:only\s+)?(?:if|when)\s+", "", aside.group("condition"), flags=re.IGNORECASE
        )
        action = f"{text[: aside.start()]}{text[aside.end() :]}".strip(" :")
        return Conditional(condition.strip(), action)
    tail = TAIL.search(text)
    if tail and tail.start() > 0 and not ASKING.search(text[: tail.start()]):
        return Conditional(tail.group("condition").strip(" ,"), text[: tail.start()].strip(" ,"))
    return None


def _parted(text: str) -> tuple[str, str]:
    """A condition, and what to do under it."""
    for pattern in BREAKS:
        parts = pattern.split(text, maxsplit=1)
        if len(parts) > 1:
            return parts[0], parts[1].strip()
    return text, ""


def sentences(text: str) -> list[str]:
    """The sentences of a text without marks."""
    return SENTENCE.split(text.strip())


def arrow(sentence: str) -> Conditional | None:
    """A condition and an action with an arrow between them."""
    parts = ARROW.split(sentence.strip(), maxsplit=1)
    if len(parts) <= 1 or not parts[0].strip() or not parts[1].strip():
        return None
    condition = re.sub(r"^(?:if|when)\s+", "", parts[0].strip(), flags=re.IGNORECASE)
    return Conditional(condition.strip(" :"), parts[1].strip())


def _clean(condition: str, text: str) -> str:
    word = text.split(None, 1)[0].lower()
    kept = condition.strip(" .:,")
    return f"{word} {kept}" if word in {"unless", "for"} else kept
