"""What is done regularly: cron expressions, "Daily Tasks", "every 6 hours"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.runbook import composing, inline, model, passages, placing, tables
from midwatch.runbook import source as sources

if TYPE_CHECKING:
    import cronsim
else:
    cronsim = lazy.module("cronsim")

FIELD = r"(?:\*|\d[\d,/-]*|\*/\d+|[A-Z]{3}(?:[,-][A-Z]{3})*|\?|L)"
CRON = lazy.pattern(
    rf"(?<![\w*/,.-])(?P<cron>{FIELD}(?:[ \t]+{FIELD}){{4}})(?![\w*/])"
    rf"|(?<!\w)(?P<named>@(?:hourly|daily|weekly|monthly|yearly"
    rf"|annually|midnight))\b"
)
EVERY = {
    "hourly": "hourly",
    "daily": "daily",
    "nightly": "daily",
    "morning": "daily",
    "weekly": "weekly",
    "monthly": "monthly",
    "quarterly": "quarterly",
    "yearly": "yearly",
    "annual": "yearly",
    "annually": "yearly",
    "biweekly": "every two weeks",
    "fortnightly": "every two weeks",
    "bi-weekly": "every two weeks",
}
WORD = lazy.pattern(r"\b(" + "|".join(sorted(EVERY, key=len, reverse=True)) + r")\b", re.IGNORECASE)
INTERVAL = lazy.pattern(
    r"\bevery\s+(?:\d+\s+)?(?:minutes?|hours?|days?|weeks?|months?|quarters?|years?|monday|tuesday|wednesday|thursday|friday|saturday|sunday|night|morning)\b",
    re.IGNORECASE,
)
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
SHORT, LONG = 60, 200
REGULAR = lazy.pattern(
    r"\b(?:back ?ups?|automatic(?:ally)?|automated|scheduled?"
    r"|runs?|rotat\w*|cron\w*|jobs?|snapshots?|exports?|executed"
    r"|performed|renew\w*|sync\w*|vacuum\w*)\b",
    re.IGNORECASE,
)


def find(source: sources.Source, composed: Sequence[composing.Composed]) -> list[model.Schedule]:
    """Everything regular, in the document's order."""
    found: dict[tuple[int, bool], model.Schedule] = {}
    for schedule in (*_expressions(source, composed), *_titles(composed), *_told(composed)):
        found.setdefault((schedule.line, bool(CRON.fullmatch(schedule.every))), schedule)
    return sorted(found.values(), key=lambda schedule: schedule.line)


def _expressions(
    source: sources.Source, composed: Sequence[composing.Composed]
) -> Iterator[model.Schedule]:
    at = composing.Finder(composed)
    for number, line in enumerate(source.lines, 1):
        if "*" not in line and "@" not in line:
            continue
        for match in CRON.finditer(line[:2000]):
            written = match.group("cron") or match.group("named")
            if match.group("cron") and ("*" not in written or not _valid(written)):
                continue
            if match.group("named") and not re.match(r"\s*(?:@|schedule|- )", line):
                continue
            owner = at.find(number)
            title = owner.outline.section.title if owner else line.strip()
            anchor = owner.outline.section.anchor if owner and owner.steps else None
            yield model.Schedule(number, written, title, anchor)


def _valid(expression: str) -> bool:
    try:
        cronsim.CronSim(expression.replace("?", "*"), LONG_AGO)
    except cronsim.CronSimError:
        return False
    return True


def _titles(composed: Sequence[composing.Composed]) -> Iterator[model.Schedule]:
    """Headings and lead-ins that name a rhythm."""
    for each in composed:
        section = each.outline.section
        if section.level and (every := _every(section.title)):
            yield model.Schedule(
                section.line, every, section.title, section.anchor if each.steps else None
            )
        for placed in each.placed:
            if placed.lead is None or placed.passage.items:
                continue
            every = None if placed.lead.rest else _every(placed.lead.title)
            if every and len(placed.lead.title) < SHORT:
                owner = section.anchor if each.steps else None
                yield model.Schedule(placed.passage.line, every, placed.lead.title, owner)


def _told(composed: Sequence[composing.Composed]) -> Iterator[model.Schedule]:
    """Sentences such as "Automatic daily backups to the other region", and tables of tasks."""
    for each in composed:
        owner = each.outline.section.anchor if each.steps else None
        for placed in each.placed:
            if placed.passage.shape is passages.Shape.TABLE:
                yield from _table(placed, owner)
                continue
            if placed.passage.shape is not passages.Shape.PARAGRAPH:
                continue
            text = inline.plain(placed.passage.text)
            every = _every(text)
            if every and len(text) < LONG and REGULAR.search(text):
                yield model.Schedule(placed.passage.line, every, placing.brief(text), owner)


def _table(placed: placing.Placed, owner: str | None) -> Iterator[model.Schedule]:
    for row in tables.rows(placed.passage):
        said = row.get("frequency", "schedule", "interval", "cadence", "how often", "when", "cron")
        task = row.get("task", "job", "name", "activity", "what", "check", "procedure", "backup")
        if said and task and (_every(said) or CRON.search(said)):
            yield model.Schedule(row.line, _every(said) or said, task, owner)


def _every(text: str) -> str | None:
    """The rhythm a text names."""
    interval = INTERVAL.search(text)
    if interval:
        return interval.group().lower()
    word = WORD.search(text)
    return EVERY[word.group().lower()] if word else None
