"""A quantile of many histograms, where one is meant."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model, promql


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`histogram_quantile` over buckets that nothing sums by `le`."""
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if tree is None or isinstance(tree, promql.Fault):
            continue
        if any(bare_quantile(node) for node in promql.nodes(tree)):
            yield model.Hit(
                expression.line,
                "This `histogram_quantile` gives one quantile for every series, not one for the "
                "service.",
                end_line=expression.end_line,
            )


def bare_quantile(node: promql.Tree) -> bool:
    """Whether a node takes a quantile of classic buckets that are not summed."""
    arguments = list(getattr(node, "args", None) or [])
    if promql.function(node) != "histogram_quantile" or not arguments:
        return False
    inner = promql.bare(arguments[-1])
    selected = list(getattr(inner, "args", None) or [])
    return (
        promql.function(inner) in {"rate", "irate", "increase"}
        and len(selected) == 1
        and promql.metric(selected[0]).endswith("_bucket")
    )


RULE = model.Rule(
    id="alert/histogram-without-le",
    severity=model.Severity.INFO,
    summary="`histogram_quantile` over buckets that are not summed by `le`.",
    why="Each pod and path gets a quantile of its own: one slow instance with three requests "
    "pages, and nobody sees how slow the service is as a whole.",
    fix="Sum first: `histogram_quantile(0.95, sum by (le) (rate(…_bucket[5m])))`.",
    example=model.Example(
        bad="```promql\nhistogram_quantile(0.99, rate(pay_seconds_bucket[5m]))\n```\n",
        good="```promql\nhistogram_quantile(0.99, sum by (le) (rate(pay_seconds_bucket[5m])))\n"
        "```\n",
    ),
    check=check,
    doubt="A quantile for every instance can be what you want.",
)
