"""What the text says will be seen: "**Expected**: …", "You should see …", blocks of output."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.runbook import inline, model, placing, vocabulary

SEEN = lazy.pattern(
    r"(?:the\s+|this\s+|your\s+)?(?:[\w`'-]+\s+){0,5}?(?:you\s+)?(?:should|must|will|would)\s+(?:now\s+|then\s+|also\s+|all\s+|only\s+)?"
    r"(?:see|be|return|show|output|print|display|report|respond|have|list|look|contain|get|receive|say|become|equal)\b",
    re.IGNORECASE,
)
SHOWN = lazy.pattern(
    r"(?:example|sample|expected|typical|possible|healthy|good)\s+(?:of\s+)?(?:the\s+)?(?:\w+\s+)?(?:output|result|response|results|outcome|answer)s?|"
    r"(?:output|result|response)s?\s*(?:\([^()]*\))?\s*(?::"
    r"|should|will|looks?|is|are|similar|might|may|would"
    r"|could|can)|(?:similar to|looks? like|as follows|such as this)\s*:?\s*$"
    r"|"
    r"(?:should|will|would|might|may) (?:see|look|return"
    r"|output|show|display|print|get|produce)\b|^output\b"
    r"|^example\b:?$|returns?:?\s*$|for example,? .*output",
    re.IGNORECASE,
)
EXPECT = lazy.pattern(
    r"expect(?:ed)?(?:\s+(?:output|result|results|outcome|response|value))?\s*[:\u2013-]\s*(?P<what>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)


def said(placed: placing.Placed) -> model.Expectation | None:
    """What a paragraph says will be seen after what stands before it."""
    line = placed.passage.line
    lead = placed.lead
    if lead is not None and lead.role is vocabulary.Role.EXPECTED:
        rest = inline.plain(lead.rest)
        return model.Expectation(line, rest) if rest and not rest.endswith(":") else None
    text = inline.plain(placed.passage.text)
    match = EXPECT.match(text)
    if match:
        return model.Expectation(line, match.group("what"))
    if placed.role is vocabulary.Role.EXPECTED and lead is None:
        return model.Expectation(line, text)
    if SEEN.match(text) and not text.endswith(":"):
        return model.Expectation(line, text)
    return None


def shows(placed: placing.Placed) -> bool:
    """Whether a block is introduced as something that is seen, not typed."""
    if placed.role is vocabulary.Role.OUTPUT or placed.role is vocabulary.Role.EXPECTED:
        return True
    return bool(placed.intro and SHOWN.search(placed.intro))
