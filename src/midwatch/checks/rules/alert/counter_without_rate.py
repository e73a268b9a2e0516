"""A counter looked at as if it were a gauge."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, promql

COUNTERS = ("_total", "_seconds_count", "_seconds_sum", "_bytes_count")
ACCUMULATES = lazy.pattern(r"_(?:seconds|bytes|joules|cycles)_total$|_(?:sum|count)$")
SETTING = ("capacity", "limit", "size", "_info")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A counter that is graphed or compared as it stands."""
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if tree is None or isinstance(tree, promql.Fault):
            continue
        for name in raw_counters(tree):
            yield model.Hit(
                expression.line,
                f"`{name}` is a counter: as it stands it only ever grows.",
                severity=None if ACCUMULATES.search(name) else model.Severity.INFO,
                fix=f"Look at its speed: `rate({name}{{…}}[5m])`.",
                end_line=expression.end_line,
            )


def raw_counters(tree: promql.Tree) -> Iterator[str]:
    """The counters in a tree whose value, and not their speed, decides."""
    top = promql.bare(tree)
    if promql.kind(top) == "BinaryExpr" and promql.operator(top) in promql.COMPARISONS:
        if promql.operator(top) in {"==", "!="}:
            return
        top = promql.bare(getattr(top, "lhs", None))
    while promql.kind(top) == "AggregateExpr" and promql.operator(top) == "sum":
        top = promql.bare(getattr(top, "expr", None))
    name = promql.metric(top) if promql.kind(top) == "VectorSelector" else ""
    if name.endswith(COUNTERS) and not any(word in name for word in SETTING):
        yield name


RULE = model.Rule(
    id="alert/counter-without-rate",
    severity=model.Severity.WARNING,
    summary="A counter graphed or compared without `rate` or `increase`.",
    why="The number since the process began says nothing about now: the graph only climbs, and "
    "an alert on it fires for ever once it has fired.",
    fix="Wrap it in `rate(…[5m])` or `increase(…[1h])`.",
    example=model.Example(
        bad="```promql\nsum(mail_bounced_total) > 500\n```\n",
        good="```promql\nsum(increase(mail_bounced_total[1h])) > 500\n```\n",
    ),
    check=check,
    doubt="A few exporters name gauges `…_total` (a total of slots, say). Rare "
    "events may be read as they stand, so those are told as `info`.",
)
