"""The alert conditions of runbooks as a Prometheus rule file, each linked to its procedure.

Only what the document says whole is exported: a query that parses and compares. The rest is named,
with why, instead of being guessed.
https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from midwatch.base import lazy
from midwatch.checks import durations, promql
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    import promql_parser

WORD = lazy.pattern(r"[A-Za-z0-9]+")
LEVELS = ("critical", "warning", "info")
UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


@dataclasses.dataclass(frozen=True, slots=True)
class Exported:
    """One rule of the file, and where it stands in the runbook."""

    path: str
    line: int
    fields: dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """A condition that is not exported, and why."""

    path: str
    line: int
    name: str
    why: str


Outcome: TypeAlias = Exported | Left


def export(found: Sequence[runbooks.Runbook], base_url: str = "") -> list[Outcome]:
    """Every alert condition of the runbooks, as a rule or with the reason why it is none."""
    taken: dict[str, tuple[str, int]] = {}
    outcomes: list[Outcome] = []
    for runbook in found:
        for rule in runbook.rules:
            outcome = _rule(runbook, rule, base_url)
            if isinstance(outcome, Exported):
                name = outcome.fields["alert"]
                first = taken.setdefault(name, (runbook.path, rule.line))
                if first != (runbook.path, rule.line):
                    why = f"{name} stands in {first[0]} line {first[1]} already"
                    outcome = Left(runbook.path, rule.line, rule.name, why)
            outcomes.append(outcome)
    return outcomes


def document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The rule file: one group for each runbook, in order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in outcomes:
        if isinstance(each, Exported):
            groups.setdefault(each.path, []).append(each.fields)
    return {"groups": [{"name": path, "rules": rules} for path, rules in groups.items()]}


def _rule(runbook: runbooks.Runbook, rule: runbooks.Rule, base_url: str) -> Outcome:
    query = (rule.query or "").strip()
    why = _why_not(query)
    if why:
        return Left(runbook.path, rule.line, rule.name, why)
    fields: dict[str, Any] = {"alert": name_of(rule.name), "expr": query}
    seconds = durations.seconds(rule.duration) if rule.duration else None
    if seconds:
        fields["for"] = duration(seconds)
    severity = severity_of(rule.severity or "")
    if severity:
        fields["labels"] = {"severity": severity}
    anchor = f"#{rule.procedure}" if rule.procedure else ""
    annotations = {"summary": rule.name, "runbook_url": f"{base_url}{runbook.path}{anchor}"}
    if rule.threshold and rule.threshold not in query:
        annotations["description"] = rule.threshold
    fields["annotations"] = annotations
    return Exported(runbook.path, rule.line, fields)


def _why_not(query: str) -> str:
    """Why a query is no condition; empty where it is one."""
    if not query:
        return "it has no query: only its words say when it fires"
    tree = promql.parse(query)
    if tree is None:
        return "its query leaves a part out"
    if isinstance(tree, promql.Fault):
        return f"its query does not parse: {tree.message.strip().partition(chr(10))[0]}"
    if not _compares(tree) and not re.match(r"\s*absent(_over_time)?\s*\(", query):
        return "its query compares with nothing: it would always fire"
    return ""


def _compares(tree: promql_parser.Expr) -> bool:
    """Whether some part of the query keeps only what a comparison holds for."""
    return any(
        promql.kind(node) == "BinaryExpr" and promql.operator(node) in promql.COMPARISONS
        for node in promql.nodes(tree)
    )


def name_of(text: str) -> str:
    """A rule's name in one word: `High error rate (>5%)` is HighErrorRate5."""
    if re.fullmatch(r"[A-Za-z_]\w*", text):
        return text
    words = WORD.findall(text)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined[:1].isalpha() else f"Alert{joined}"


def severity_of(text: str) -> str:
    """The severity in the words that receivers route by; else the document's own first word."""
    plain = text.lower()
    for level in LEVELS:
        if level in plain:
            return level
    return next(iter(WORD.findall(plain)), "")


def duration(seconds: float) -> str:
    """Seconds in Prometheus' own form: `5m`, `1h30m`."""
    left, told = round(seconds), ""
    for size, unit in UNITS:
        count, left = divmod(left, size)
        told += f"{count}{unit}" if count else ""
    return told or "0s"


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The conditions that were left out, a line each."""
    for each in outcomes:
        if isinstance(each, Left):
            yield f"{each.path}:{each.line}: {each.name}: {each.why}"
