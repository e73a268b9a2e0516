"""The alert conditions a document states, in lists, tables, rule files, symptoms and arrows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.runbook import (
    composing,
    conditions,
    inline,
    languages,
    model,
    passages,
    placing,
    tables,
    vocabulary,
)

QUERY = ("query", "expr", "expression", "promql")
THRESHOLD = ("threshold", "condition", "trigger", "when")
DURATION = lazy.pattern(
    r"\bfor\s+(?P<time>(?:>|at least |more than |over )?\s*\d+\s*(?:s"
    r"|m|h|d|seconds?|secs?|minutes?|mins?|hours?|days?))\b",
    re.IGNORECASE,
)
BOUND = lazy.pattern(
    r"(?P<bound>(?:[<>]=?|\u2265|\u2264|==|above|below|over"
    r"|under|exceeds?|more than|less than|at)\s*-?\d[\d.,]*\s*(?:%"
    r"|\u00b0?[a-zA-Z]+(?:/[a-z]+)?)?)"
)
LEVEL = lazy.pattern(
    r"\b(critical|warning|informational|page|p[0-5]|sev[- ]?[0-5]"
    r"|(?:high|medium|low|minor|major|info)(?=\W*$|\s+(?:severity"
    r"|priority|alerts?)))\b",
    re.IGNORECASE,
)
SIMPLE = lazy.pattern(r"[A-Za-z_:][\w:]*(?:\{[^}]*\})?\s*(?:[<>]=?|==|!=)\s*-?[\d.]+%?$")
ALERT_NAME = lazy.pattern(r"(?:[A-Z][a-z0-9]+){2,}[\w:]*")
SIGN = lazy.pattern(r"%|[<>]")
LASTING = lazy.pattern(r"\s+for\s+\S+(?:\s\w+)?\W*$")
PERCENT = lazy.pattern(r"\d\s*%")
LONGEST = 200
"""A longer symptom is a description, no threshold."""
ALERT = lazy.pattern(r"(?P<indent>\s*)- alert:\s*(?P<name>\S.*)$")
ENTRY = lazy.pattern(
    r"\s*(?P<key>expr|for|severity|summary|description|runbook_url):\s*(?P<value>.*)$"
)


def find(composed: Sequence[composing.Composed]) -> list[model.Rule]:
    """Every rule, in the document's order, each once."""
    found: dict[int, model.Rule] = {}
    for each in composed:
        owner = each.outline.section.anchor if each.steps else None
        told = (rule for placed in each.placed for rule in _placed(each, placed, owner))
        for rule in (*_fields(each, owner), *_led(each, owner), *told):
            found.setdefault(rule.line, rule)
    return [found[line] for line in sorted(found)]


def _fields(composed: composing.Composed, owner: str | None) -> Iterator[model.Rule]:
    """Items such as "1. **Service Down**" with a query, a threshold and an action inside."""
    for entry in tables.fields(composed.placed):
        query = _first(entry.values, QUERY)
        threshold = _first(entry.values, THRESHOLD)
        if query is None and (threshold is None or not BOUND.search(threshold)):
            continue
        title = inline.plain(entry.placed.passage.text)
        yield model.Rule(
            line=entry.placed.passage.line,
            name=placing.brief(title),
            query=query,
            threshold=threshold,
            duration=_first(entry.values, ("for", "duration")) or _duration(threshold),
            severity=entry.values.get("severity") or _severity(composed, entry.placed),
            action=_first(entry.values, ("action", "response", "actions", "notify")),
            procedure=owner,
        )


def _placed(
    composed: composing.Composed, placed: placing.Placed, owner: str | None
) -> Iterator[model.Rule]:
    shape = placed.passage.shape
    if shape is passages.Shape.TABLE:
        yield from _table(composed, placed, owner)
    elif shape is passages.Shape.BLOCK and "alert:" in placed.passage.text:
        yield from _file(placed, owner)
    elif shape is passages.Shape.PARAGRAPH:
        yield from _sentence(composed, placed, owner)


def _sentence(
    composed: composing.Composed, placed: placing.Placed, owner: str | None
) -> Iterator[model.Rule]:
    text = inline.plain(placed.passage.text)
    arrow = conditions.arrow(text) if placed.alerting and placed.passage.items else None
    if arrow is not None:
        yield model.Rule(
            line=placed.passage.line,
            name=arrow.condition,
            threshold=_bound(arrow.condition),
            duration=_duration(arrow.condition),
            severity=_severity(composed, placed),
            action=arrow.action,
            procedure=owner,
        )
        return
    lead = placed.lead
    symptom = vocabulary.Role.SYMPTOMS in {placed.role, lead.role if lead else None}
    code = _query(placed) if symptom or "alert" in text.lower() else None
    if code is not None:
        name = ALERT_NAME.match(code.text)
        yield model.Rule(
            line=placed.passage.excerpt.place(code.at).line,
            name=name.group() if name else composed.outline.section.title,
            query=code.text,
            threshold=_bound(code.text),
            duration=_duration(text),
            severity=_severity(composed, placed),
            procedure=owner,
        )
    elif symptom and _bound(text) and len(text) < LONGEST and SIGN.search(text):
        yield model.Rule(
            line=placed.passage.line,
            name=text,
            threshold=_bound(text),
            duration=_duration(text),
            severity=_severity(composed, placed),
            procedure=owner,
        )


def _query(placed: placing.Placed) -> inline.Code | None:
    """The first inline code of the passage that compares a metric with a value."""
    for code in inline.codes(placed.passage.text):
        if SIMPLE.match(code.text) or (_compares(code.text) and languages.is_query(code.text)):
            return code
    return None


def _compares(query: str) -> bool:
    return bool(re.search(r"[<>]=?\s*-?[\d.(]|[=!]=\s*-?\d", query))


def _is_written(condition: str) -> bool:
    """Whether a condition is PromQL, and no words that read so too: `disk > 80`, `> 80% full`."""
    signs = any(sign in condition for sign in "_({") and not PERCENT.search(condition)
    return signs and languages.is_query(condition)


def _led(composed: composing.Composed, owner: str | None) -> Iterator[model.Rule]:
    """Sections that say "**Condition:** …" and "**Severity:** …" of one alert."""
    values: dict[str, tuple[int, str]] = {}
    for placed in composed.placed:
        match = None
        if placed.lead is not None and placed.lead.rest and not placed.passage.items:
            values.setdefault(
                placed.lead.title.lower(), (placed.passage.line, inline.plain(placed.lead.rest))
            )
        elif placed.passage.head and len(placed.passage.items) == 1:
            match = tables.KEY.match(inline.plain(placed.passage.text))
        if match:
            values.setdefault(
                match.group("key").lower(), (placed.passage.line, match.group("value"))
            )
    query = _first(
        {key: text for key, (_, text) in values.items()},
        (*QUERY, "alert query", "alert condition", "alert expression"),
    )
    threshold = _first(
        {key: text for key, (_, text) in values.items()},
        (*THRESHOLD, "alert threshold", "trigger condition"),
    )
    if query is None and (threshold is None or not BOUND.search(threshold)):
        return
    line = next(line for line, text in values.values() if text in {query, threshold})
    expression = _expression(threshold)
    if query is None and languages.is_query(expression):
        query, threshold, duration = expression, _bound(expression), _duration(threshold)
    else:
        duration = None
    alert = values.get("alert") or values.get("alert name")
    severity = values.get("severity") or values.get("alert severity")
    yield model.Rule(
        line=line,
        name=alert[1] if alert else composed.outline.section.title,
        query=query,
        threshold=threshold or (_bound(query) if query else None),
        duration=_first({key: text for key, (_, text) in values.items()}, ("for", "duration"))
        or duration
        or _duration(threshold),
        severity=severity[1] if severity else None,
        procedure=owner,
    )


def _expression(condition: str | None) -> str:
    """A condition without its “for 5m”."""
    return LASTING.sub("", condition or "")


def _table(
    composed: composing.Composed, placed: placing.Placed, owner: str | None
) -> Iterator[model.Rule]:
    for row in tables.rows(placed.passage):
        name = row.get("alert", "rule", "metric", "name")
        query = row.get("query", "expr", "promql")
        threshold = row.get("threshold", "condition", "trigger", "warning", "critical")
        if name is None or (query is None and threshold is None):
            continue
        if query is None and not placed.alerting and not any("alert" in key for key in row.cells):
            continue
        duration = row.get("for", "duration") or _duration(threshold)
        expression = _expression(threshold)
        if query is None and _compares(expression) and _is_written(expression):
            query, threshold = expression, _bound(expression)
        yield model.Rule(
            line=row.line,
            name=name,
            query=query,
            threshold=threshold,
            duration=duration,
            severity=row.get("severity", "priority") or _severity(composed, placed),
            action=row.get("action", "response", "runbook"),
            procedure=owner,
        )


def _file(placed: placing.Placed, owner: str | None) -> Iterator[model.Rule]:
    """The alerts of a Prometheus rule file shown in a block."""
    lines = placed.passage.excerpt.lines()
    starts = [index for index, line in enumerate(lines) if ALERT.match(line)]
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        values: dict[str, str] = {}
        for index in range(start + 1, end):
            match = ENTRY.match(lines[index])
            if match:
                value = match.group("value").strip().strip("\"'")
                if value in {"|", ">", "|-", ">-", ""}:
                    value = _folded(lines[index + 1 : end], lines[index])
                values.setdefault(match.group("key"), value)
        head = ALERT.match(lines[start])
        query = values.get("expr")
        yield model.Rule(
            line=placed.passage.excerpt.origins[start].line,
            name=head.group("name").strip("\"' ") if head else "",
            query=query,
            threshold=_bound(query) if query else None,
            duration=values.get("for"),
            severity=values.get("severity"),
            action=values.get("summary"),
            procedure=owner,
        )


def _folded(lines: Sequence[str], key: str) -> str:
    indent = len(key) - len(key.lstrip())
    kept = []
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        kept.append(line.strip())
    return " ".join(kept).strip()


def _severity(composed: composing.Composed, placed: placing.Placed) -> str | None:
    """What the procedure, or the lead-in or heading above, says of how bad it is."""
    if composed.severity is not None:
        return composed.severity
    for text in (placed.group, placed.section, *reversed(composed.outline.section.path)):
        match = LEVEL.search(text)
        if match:
            return match.group(1).lower()
    return None


def _first(values: dict[str, str], names: Sequence[str]) -> str | None:
    return next((values[name] for name in names if name in values), None)


def _duration(text: str | None) -> str | None:
    match = DURATION.search(text) if text else None
    return match.group("time").strip() if match else None


def _bound(text: str) -> str | None:
    bounds = BOUND.findall(text)
    return bounds[-1].strip() if bounds else None
