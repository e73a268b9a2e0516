"""An alert that should wait, and whose rule does not say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

WAIT = lazy.pattern(
    r"\bfor\s+(?:more than\s+|at least\s+|>\s*)?(?P<time>\d+\s*(?:s|sec\w*|m|min\w*|h|hours?))\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An alert with a query whose words say “for 5 minutes” and whose rule has no `for:`."""
    for rule in subject.runbook.rules:
        words = rule.threshold or ""
        wait = WAIT.search(words)
        if rule.query is None or wait is None or has_for(subject, rule.line):
            continue
        line = next(
            (n for n in range(rule.line, rule.line + 12) if wait[0] in subject.line(n)), rule.line
        )
        yield model.Hit(
            line,
            f"“{rule.name}” waits {wait['time']} in words only; the query fires at once.",
            fix=f"Write `for: {short(wait['time'])}` beside the query.",
        )


def has_for(subject: model.Subject, line: int) -> bool:
    """Whether a `for:` stands near an alert's line."""
    return any(
        re.search(r"^\W*`?(?:for|duration|pending)\W*:", subject.line(n), re.IGNORECASE)
        for n in range(line, line + 8)
    )


def short(time: str) -> str:
    """A time as Prometheus writes it: `5 minutes` is `5m`."""
    number, unit = re.findall(r"\d+|[a-z]", time.lower())[:2]
    return f"{number}{unit}"


RULE = model.Rule(
    id="alert/duration-only-in-prose",
    severity=model.Severity.INFO,
    summary="“For 5 minutes” in the words, and no `for:` in the rule.",
    why="Copied as it stands the alert fires on the first bad scrape, and people learn to ignore "
    "it.",
    fix="Write `for:` beside the query.",
    example=model.Example(
        bad='- Query: `up{job="parcels"} == 0`\n- Threshold: down for 2 minutes\n',
        good='- Query: `up{job="parcels"} == 0`\n- For: `2m`\n',
    ),
    check=check,
)
