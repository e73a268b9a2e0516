"""An alert that says how bad, and not how that is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

LIMIT = lazy.pattern(
    r"[<>≥≤]=?\s*\d+(?:,\d{3})*(?:\.\d+)?\s*(?:%|\w+)?|\b(?:over|above|below|exceeds?)\s+\d+"
)

METRIC = lazy.pattern(r"\(\s*[A-Za-z]+(?:[A-Z_][a-z0-9]+)+\s*[<>=]=?\s*\d")
"""A metric by its name, in brackets: `(OfflinePartitionsCount > 0)`."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An alert rule or a symptom with a limit that no query measures."""
    told: set[int] = set()
    for rule in subject.runbook.rules:
        words = rule.threshold or rule.name
        limit = LIMIT.search(words)
        named = METRIC.search(f"{words} {rule.name}") or queried(subject, rule.line)
        if rule.query or limit is None or rule.line in told or named:
            continue
        told.add(rule.line)
        yield hit(subject, rule.line, rule.name, limit[0])
    for procedure in subject.runbook.procedures:
        if not measured(subject, procedure):
            yield from (h for h in symptoms(subject, procedure) if h.line not in told)


def queried(subject: model.Subject, line: int) -> bool:
    """Whether PromQL stands in the same section as a line."""
    own = section(subject, line)
    return any(
        block.language == "promql" and section(subject, block.line) == own
        for block in subject.runbook.blocks
    )


def section(subject: model.Subject, line: int) -> int:
    """The line of the heading above a line."""
    return max((h.line for h in subject.runbook.headings if h.line <= line), default=0)


def symptoms(subject: model.Subject, procedure: runbooks.Procedure) -> Iterator[model.Hit]:
    """The symptoms of a procedure that state a limit."""
    for symptom in procedure.symptoms:
        limit = LIMIT.search(symptom)
        if limit is not None and "`" not in symptom and not METRIC.search(symptom):
            first = re.escape(symptom[:40])
            line = facts.line_of(subject, first, procedure.line, procedure.end_line)
            yield hit(subject, line, symptom.strip("*- "), limit[0])


def measured(subject: model.Subject, procedure: runbooks.Procedure) -> bool:
    """Whether any alert with a query leads to the procedure, or its text holds one."""
    named = {rule.procedure for rule in subject.runbook.rules if rule.query}
    return procedure.id in named or any(step.language == "promql" for step in procedure.steps)


def hit(subject: model.Subject, line: int, name: str, limit: str) -> model.Hit:
    """What is told of a limit without a measure; a document with PromQL could name it."""
    knows = any(block.language == "promql" for block in subject.runbook.blocks)
    name = re.sub(r"^\W*symptoms?\W+", "", name, flags=re.IGNORECASE)
    short = name if len(name) <= 50 else f"{name[:49]}…"  # noqa: PLR2004  (a line's worth)
    return model.Hit(
        line,
        f"“{short}” gives the limit {limit.strip()} and no query that measures it.",
        severity=model.Severity.WARNING if knows else model.Severity.INFO,
    )


RULE = model.Rule(
    id="alert/threshold-without-query",
    severity=model.Severity.INFO,
    summary="A limit without the query that measures it.",
    why="Nobody can say at night whether the limit is passed, and the alert that should watch it "
    "cannot be written from the page.",
    fix="Write the PromQL beside the limit, or name the dashboard panel that shows it.",
    example=model.Example(
        bad="## Sorter slow\n\n**Symptoms:**\n- Parcels waiting > 500\n\n```bash\n"
        "kubectl get pods -n parcels\n```\n",
        good="## Sorter slow\n\n**Symptoms:**\n- Parcels waiting: `max(parcels_waiting) > 500`\n"
        "\n```bash\nkubectl get pods -n parcels\n```\n",
    ),
    check=check,
)
