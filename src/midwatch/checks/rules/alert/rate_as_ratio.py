"""A rate a second where the words promise a share in percent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model, promql

PERCENT = lazy.pattern(r"(?P<number>\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)")
FAILING = lazy.pattern(r"\b(?:error|fail|5xx|request|drop|reject|timeout)", re.IGNORECASE)
NEAR = 4
"""Lines between an expression and the words that speak of it."""
RATES = frozenset({"rate", "irate", "increase"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An alert whose query compares a bare rate with the fraction that its words call a percent."""
    for expression in promql.expressions(subject):
        words = expression.threshold or nearby(subject, expression)
        share = PERCENT.search(words)
        if share is not None:
            percent = float(share["number"])
            for compared, _, number in compared_rates(expression.text):
                if math.isclose(number, percent / 100) or math.isclose(number, percent):
                    yield hit(expression, compared, share[0], number)


def nearby(subject: model.Subject, expression: promql.Expression) -> str:
    """The words about an expression in a block: the comment above it, or the sentence before it."""
    above = subject.line(expression.line - 1).strip()
    if above.startswith("#"):
        return above
    prose = dict(facts.prose(subject))
    first = next((n for n in range(expression.line, 0, -1) if n in prose), 0)
    for number in range(first, max(0, first - NEAR), -1):
        said = prose.get(number, "").strip()
        if said.startswith("#"):
            break
        if said:
            return said if FAILING.search(said) else ""
    return ""


def compared_rates(text: str) -> Iterator[tuple[promql.Tree, str, float]]:
    """The comparisons in an expression whose left side is a rate that nothing divides."""
    tree = promql.parse(text)
    if tree is None or isinstance(tree, promql.Fault):
        return
    for left, operator, number in promql.comparisons(tree):
        inner = promql.bare(left)
        while promql.kind(inner) == "AggregateExpr":
            inner = promql.bare(getattr(inner, "expr", None))
        if promql.function(inner) in RATES:
            yield inner, operator, number


def hit(
    expression: promql.Expression, compared: promql.Tree, share: str, number: float
) -> model.Hit:
    """What is told of a rate that is taken for a ratio."""
    unit = "events in the window" if promql.function(compared) == "increase" else "a second"
    name = f"“{expression.name}”" if expression.name else "The alert"
    return model.Hit(
        expression.line,
        f"{name} says {share}, but `{promql.function(compared)}(…) > {number:g}` fires at "
        f"{number:g} {unit}, whatever the traffic is.",
        end_line=expression.end_line,
    )


RULE = model.Rule(
    id="alert/rate-as-ratio",
    severity=model.Severity.ERROR,
    summary="A rate a second, or a count, compared with a share in percent.",
    why="A busy service pages all night at a harmless error share, and a quiet one can fail "
    "every request without a page.",
    fix="Divide by the rate of all requests: `sum(rate(failed[5m])) / sum(rate(all[5m])) > 0.05`.",
    example=model.Example(
        bad="- Query: `rate(orders_failed_total[5m]) > 0.02`\n- Threshold: >2% of orders fail\n",
        good="- Query: `sum(rate(orders_failed_total[5m])) / sum(rate(orders_total[5m])) > 0.02`\n"
        "- Threshold: >2% of orders fail\n",
    ),
    check=check,
    doubt="A metric that already is a ratio and is wrapped in `rate` all the same.",
)
