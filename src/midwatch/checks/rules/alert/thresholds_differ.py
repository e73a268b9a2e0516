"""One quantity with several limits in one document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from midwatch.base import lazy, shape
from midwatch.checks import model

UNITS = {
    "%": ("%", 1.0),
    "percent": ("%", 1.0),
    "ms": ("s", 0.001),
    "s": ("s", 1.0),
    "sec": ("s", 1.0),
    "second": ("s", 1.0),
    "seconds": ("s", 1.0),
    "m": ("s", 60.0),
    "min": ("s", 60.0),
    "minute": ("s", 60.0),
    "minutes": ("s", 60.0),
    "h": ("s", 3600.0),
    "hour": ("s", 3600.0),
    "hours": ("s", 3600.0),
}
QUANTITIES = (
    "error rate", "failure rate", "success rate", "hit rate", "bounce rate", "processing time",
    "response time", "latency", "consumer lag", "replication lag", "lag", "queue depth",
    "queue size", "queue length", "backlog", "memory usage", "memory", "cpu usage", "cpu",
    "disk usage", "disk space", "p99", "p95", "p90", "connection count", "connections",
)  # fmt: skip
STEMS = (
    "p9",
    "rate",
    "time",
    "latency",
    "lag",
    "queue",
    "backlog",
    "memory",
    "cpu",
    "disk",
    "connection",
)
"""One of these is in every quantity."""
WORDS = "|".join(quantity.replace(" ", r"[\s_-]+") for quantity in QUANTITIES)
STATEMENT = lazy.pattern(
    rf"\b(?P<quantity>{WORDS})\b(?P<between>[\w\s`*_:(=.-]{{0,24}}?)"
    r"(?P<sign>[<>≥≤]=?|\b(?:is\s+)?(?:over|above|below|exceeds?|exceeding|under)\b|\bat\b)\s*"
    r"(?P<number>\d+(?:,\d{3})+|\d+(?:[.,]\d+)?)\s*(?P<unit>%|[a-zA-Z]+)?",
    re.IGNORECASE,
)

FURTHER = lazy.pattern(
    r"(?<!for )[<>≥≤]=?\s*(?P<number>\d+(?:,\d{3})+|\d+(?:[.,]\d+)?)\s*(?P<unit>%|[a-zA-Z]+)?"
)
THOUSANDS = lazy.pattern(r"\d+(?:,\d{3})+")
COUNTS = {"K": 1e3, "k": 1e3, "M": 1e6, "G": 1e9}
NUMBER = lazy.pattern(r"\d")
LEVEL = lazy.pattern(
    r"\b(?:P[0-5]|SEV-?[0-5]|S[1-4]|critical|warning|major|minor|high|medium|low)\b", re.IGNORECASE
)
STILL = lazy.pattern(
    r"\b(?:persist|last|for|stay|remain|continue|every|timeout|after|in)", re.IGNORECASE
)


@shape.frozen
class Limit:
    """One limit as the document states it."""

    line: int
    quantity: str
    text: str
    value: float
    unit: str
    column: int


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Each place that gives a quantity another limit than the first place did."""
    groups: dict[tuple[str, str], list[Limit]] = defaultdict(list)
    for each in limits(subject.lines):
        groups[each.quantity, each.unit].append(each)
    for (quantity, _), stated in groups.items():
        levels = {level(subject, each.line) for each in stated}
        on_purpose = len(levels) == len(stated) and "" not in levels
        if len({each.value for each in stated}) > 1 and not on_purpose:
            yield from differences(quantity, stated)


def level(subject: model.Subject, line: int) -> str:
    """The severity that the heading above a line names; nothing where it names none."""
    titles = (h.title for h in reversed(subject.runbook.headings) if h.line <= line)
    named = LEVEL.search(next(titles, ""))
    return named.group().lower() if named else ""


def limits(lines: Sequence[str]) -> Iterator[Limit]:
    """Every limit that the document states in words; a line may give one quantity several."""
    for number, line in enumerate(lines, 1):
        lowered = line.lower()
        if not any(stem in lowered for stem in STEMS) or not NUMBER.search(line):
            continue
        for found in STATEMENT.finditer(line):
            if STILL.search(found["between"]):
                continue
            quantity = " ".join(re.split(r"[\s_-]+", found["quantity"].lower()))
            yield limit(number, quantity, found)
            for more in FURTHER.finditer(line, found.end()):
                yield limit(number, quantity, more)


def limit(number: int, quantity: str, found: re.Match[str]) -> Limit:
    """The limit in a match."""
    word = (found["unit"] or "").lower()
    unit, factor = UNITS.get(word, ("", 1.0))
    if found["unit"] in COUNTS:
        unit, factor = "", COUNTS[found["unit"]]
    grouped = THOUSANDS.fullmatch(found["number"])
    value = float(found["number"].replace(",", "" if grouped else ".")) * factor
    shown = f"{found['number']}{'' if word in {'%', ''} else ' '}{found['unit'] or ''}"
    return Limit(number, quantity, shown.strip(), value, unit, found.start() + 1)


def differences(quantity: str, stated: Sequence[Limit]) -> Iterator[model.Hit]:
    """The places that disagree with the first one."""
    first = stated[0]
    seen = {first.value}
    for other in stated[1:]:
        if other.value not in seen and other.line != first.line:
            yield model.Hit(
                other.line,
                f"The limit for {quantity} is {other.text} here and {first.text} on line "
                f"{first.line}.",
                column=other.column,
            )
        seen.add(other.value)


RULE = model.Rule(
    id="alert/thresholds-differ",
    severity=model.Severity.INFO,
    summary="One quantity with several limits in one document.",
    why="Which number is right is argued about during the incident; alerts, autoscaling and "
    "people act at different moments.",
    fix="Give one limit, or say what each one is for (warn, page, scale).",
    example=model.Example(
        bad="- Error rate >5% → Slack\n\n### High error rate\n\n**Symptoms**: error rate >10%\n",
        good="- Error rate >5% → Slack, >10% → page\n\n### High error rate\n\n"
        "**Symptoms**: error rate >10% (paged)\n",
    ),
    check=check,
    doubt="A warning and a critical limit differ on purpose; say so beside them or silence it.",
)
