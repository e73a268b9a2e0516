"""PromQL that Prometheus would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, promql

WIDEST = 60
REMARK = lazy.pattern(r"\s*\([^()]*\)$")
METRICS = lazy.pattern(
    r"\[\d+(?:ms|[smhdwy])\]|\{[^{}]*[\w ](?:=~|!~|!=|=)\s*[\"']|"
    r"\b(?:rate|irate|increase|histogram_quantile|absent|predict_linear|\w+_over_time)\s*\("
)
"""What only PromQL writes; a limit in a table may be in any language, or in words."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An expression that does not parse."""
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if isinstance(tree, promql.Fault) and meant(expression):
            yield hit(expression, tree)


def meant(expression: promql.Expression) -> bool:
    """Whether an expression is meant as PromQL: what stands in a list or a table need not be."""
    if expression.rule is None:
        return True
    shorter = REMARK.sub("", expression.text)
    if shorter != expression.text and not isinstance(promql.parse(shorter), promql.Fault):
        return False
    return METRICS.search(expression.text) is not None


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """An alert of a rule file whose expression does not parse."""
    for alert in collection.alerts:
        tree = promql.parse(alert.expression)
        if isinstance(tree, promql.Fault):
            line = promql.Expression(alert.line, alert.expression, alert.name, path=alert.path)
            yield hit(line, tree)


def hit(expression: promql.Expression, fault: promql.Fault) -> model.Hit:
    """What is told of an expression that does not parse."""
    shown = " ".join(expression.text.split())
    short = shown if len(shown) <= WIDEST else f"{shown[: WIDEST - 1]}…"
    return model.Hit(
        expression.line,
        f"`{short}` is not PromQL: {fault.message}.",
        end_line=expression.end_line,
        path=expression.path,
    )


RULE = model.Rule(
    id="alert/promql-invalid",
    severity=model.Severity.ERROR,
    summary="PromQL that Prometheus would refuse.",
    why="An alert with this expression is never loaded, and a person who pastes it at night gets "
    "a parse error instead of a graph.",
    fix="Try the expression in Prometheus and paste back what works.",
    example=model.Example(
        bad='```promql\nsum(rate(orders_failed_total{shop="eu"}[5m])\n```\n',
        good='```promql\nsum(rate(orders_failed_total{shop="eu"}[5m]))\n```\n',
    ),
    check=check,
    check_all=check_all,
    doubt="Functions newer than Midwatch's parser are refused too.",
)
