"""The page says one thing about an alert, and Prometheus another."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import coverage, durations, model, promql
from midwatch.runbook import model as runbooks

SERIOUS = frozenset({"critical", "page", "p0", "p1", "sev0", "sev1"})
MILD = frozenset({"warning", "info", "ticket", "p2", "p3", "p4", "sev2", "sev3"})


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """An alert of a document whose limit, wait or severity is another in the rule files."""
    real = {coverage.key(alert.name): alert for alert in collection.alerts}
    for outline in collection.outlines:
        for rule in outline.rules:
            alert = real.get(coverage.key(rule.name))
            if alert is None:
                continue
            for what, here, there in differences(rule, alert):
                yield model.Hit(
                    rule.line,
                    f"{alert.name}: the {what} is {here} here and {there} in {alert.path}, "
                    f"line {alert.line}.",
                    path=outline.path,
                )


def differences(rule: runbooks.Rule, alert: model.AlertRule) -> Iterator[tuple[str, str, str]]:
    """What is said in two ways: its name, the document's value, the rule file's."""
    here, there = limits(rule.query or ""), limits(alert.expression)
    if here and there and here != there:
        yield "limit", words(here), words(there)
    waits, really = durations.seconds(rule.duration or ""), durations.seconds(alert.duration or "")
    if waits is not None and really is not None and waits != really:
        yield "wait", durations.words(waits), durations.words(really)
    said, known = rank(rule.severity), rank(alert.severity)
    if said and known and said != known:
        yield "severity", str(rule.severity), str(alert.severity)


def limits(text: str) -> frozenset[float]:
    """The numbers that an expression compares with."""
    tree = promql.parse(text)
    if tree is None or isinstance(tree, promql.Fault):
        return frozenset()
    return frozenset(number for _, _, number in promql.comparisons(tree))


def words(numbers: frozenset[float]) -> str:
    """Numbers as a person writes them."""
    return ", ".join(f"{number:g}" for number in sorted(numbers))


def rank(severity: str | None) -> str:
    """Whether a severity wakes somebody; empty where the word does not say."""
    word = (severity or "").lower().split(" ")[0].strip("():-")
    return "serious" if word in SERIOUS else "mild" if word in MILD else ""


RULE = model.Rule(
    id="alert/differs-from-rules",
    severity=model.Severity.WARNING,
    summary="An alert whose limit, wait or severity is another in the rule files (`--rules`).",
    why="People judge by the page while the pager goes by the rule: one of them is waiting for "
    "something that will not come.",
    fix="Bring the page and the rule file together, and say which of them is the source.",
    example=model.Example(
        bad="1. **Parcels waiting**\n   - Query: `max(parcels_waiting) > 500`\n",
        good="1. **Parcels waiting**\n   - Query: `max(parcels_waiting) > 800` (as in "
        "alerts/parcels.yml)\n",
    ),
    check_all=check_all,
)
