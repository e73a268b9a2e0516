"""The level in a runbook's own words of how bad an alert is, without what explains it."""

from __future__ import annotations

import re

from midwatch.base import lazy

_WORD = (
    r"(?:critical|emergency|fatal|urgent|high|major|medium|moderate|normal|minor|low"
    r"|warning|warn|info(?:rmational)?|debug|none)\b"
)
LEVEL = lazy.pattern(
    rf"\b(?:p|s|sev|severity|prio|priority|level)[\s-]*\d\b(?:\s*[\u2013\u2014/:-]\s*{_WORD})?"
    rf"(?:\s*\({_WORD}\))?|\b{_WORD}",
    re.IGNORECASE,
)
EXPLAINED = lazy.pattern(
    r"\s*(?:[.;:,(→\u2013\u2014]|[-=]>|-\s|\b(?:if|when|for|unless|while|until|as|because|during)\b)",
    re.IGNORECASE,
)
"""How words go on that explain a level, rather than being part of its name."""
SENTENCE = lazy.pattern(r"[.;](?=\s)")


def named(words: str) -> tuple[str, ...]:
    """Every level that the words name, each once, as written."""
    return tuple(dict.fromkeys(found.group() for found in LEVEL.finditer(words)))


def level(words: str, told: str = "") -> str:
    """The level that the words begin with; of several, the one that the alert itself tells.

    Words that begin with no level, or leave open which of several it is, stay as they are.
    """
    head = SENTENCE.split(words, maxsplit=1)[0].strip()
    levels = named(head)
    if len(levels) > 1:
        return next((each for each in levels if _says(each, told)), head)
    begins = LEVEL.search(head)
    if begins is None or any(character.isalnum() for character in head[: begins.start()]):
        return words.strip()
    rest = words.strip()[begins.end() :]
    return begins.group() if EXPLAINED.match(rest) else words.strip()


def _says(each: str, told: str) -> bool:
    return bool(told) and told.lower() in re.findall(r"\w+", each.lower())
