"""How long things are kept: in sentences, comments, flags and configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.runbook import composing, model
from midwatch.runbook import source as sources

TIME = r"\d+\s*[- ]?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|h|d|w|y)\b"
PERIOD = lazy.pattern(
    rf"\bretention\b[^:\n=]{{0,30}}?(?:[:=]|\bto\b|\bof\b|\bis\b|\bfor\b|\()\s*(?:to\s+)?(?P<a>{TIME})|\b(?P<b>{TIME})\s+(?:of\s+)?retention|"
    rf"\b(?:keep|keeps|kept|retain|retained|retains|stored?)\b[^.\n]{{0,40}}?(?P<c>"
    rf"{TIME})|\bolder than\s+(?P<d>{TIME})|"
    r"-mtime\s+\+(?P<days>\d+)|\bretention\.ms=(?P<ms>\d+)|^\s*rotate\s+(?P<rotate>\d+)\s*$|\bretention(?:_time|\.time|Period|_period|-period)?[=:]\s*[\"']?(?P<e>\d+[smhdwy])\b",
    re.IGNORECASE,
)
SPEAKS = ("reten", "retain", "keep", "kept", "stor", "older", "-mtime", "rotate")
"""One of these is in every line that says how long something is kept."""
LONGEST = 120
UNITS = {"days": "days", "ms": "ms", "rotate": "rotations"}


def find(source: sources.Source, composed: Sequence[composing.Composed]) -> list[model.Retention]:
    """Every period for which something is kept, in the document's order."""
    at = composing.Finder(composed)
    found = []
    for number, line in enumerate(source.lines, 1):
        lowered = line.lower()
        if not any(word in lowered for word in SPEAKS):
            continue
        match = PERIOD.search(line[:2000])
        if match is None:
            continue
        name, value = next((key, text) for key, text in match.groupdict().items() if text)
        owner = at.find(number)
        words = line.strip().lstrip("#-*/ ").strip()
        what = owner.outline.section.title if owner and len(words) > LONGEST else words
        found.append(
            model.Retention(number, what, f"{value} {UNITS[name]}" if name in UNITS else value)
        )
    return found
