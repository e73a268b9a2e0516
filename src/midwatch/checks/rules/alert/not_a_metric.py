"""An alert's name written as if it were a metric."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, promql

CAMEL = lazy.pattern(r"^(?:[A-Z][a-z0-9]+){2,}$")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A selector that has the form of an alert's name: `QueueTooLong > 500`."""
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if tree is None or isinstance(tree, promql.Fault):
            continue
        for name in {promql.metric(node) for node in promql.nodes(tree)}:
            if CAMEL.match(name):
                yield model.Hit(
                    expression.line,
                    f"`{name}` has the form of an alert's name; metrics are written `like_this`.",
                    end_line=expression.end_line,
                )


RULE = model.Rule(
    id="alert/not-a-metric",
    severity=model.Severity.INFO,
    summary="An expression over an alert's name instead of a metric.",
    why="It parses and returns nothing, for ever: nobody can tell a healthy system from a query "
    "that asks for something that is not there.",
    fix="Write the metric's own name, and give the alert's name beside it.",
    example=model.Example(
        bad="- Prometheus alert: `QueueTooLong > 500`\n",
        good="- Prometheus alert QueueTooLong: `max(queue_messages_ready) > 500`\n",
    ),
    check=check,
    doubt="A few exporters (JMX, some cloud services) do name metrics in CamelCase.",
)
