"""Usage divided by a limit that may not be set."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model, promql

LIMITS = frozenset({"container_spec_memory_limit_bytes", "container_spec_cpu_quota"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A division by a container's limit, which is 0 where there is none."""
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if tree is None or isinstance(tree, promql.Fault):
            continue
        for node in promql.nodes(tree):
            divisor = promql.bare(getattr(node, "rhs", None))
            name = promql.metric(divisor)
            if promql.operator(node) == "/" and name in LIMITS:
                yield model.Hit(
                    expression.line,
                    f"`{name}` is 0 for a container without a limit, and a division by 0 is "
                    "+Inf: the alert fires for each of them.",
                    fix=f"Divide by `({name} > 0)`.",
                    end_line=expression.end_line,
                )


RULE = model.Rule(
    id="alert/limit-may-be-zero",
    severity=model.Severity.WARNING,
    summary="Usage divided by a container limit that is 0 where none is set.",
    why="Every container without a limit looks infinitely full, so the page is noise from the "
    "first day and real pressure drowns in it.",
    fix="Divide by `(container_spec_memory_limit_bytes > 0)`.",
    example=model.Example(
        bad="```promql\ncontainer_memory_working_set_bytes / container_spec_memory_limit_bytes "
        "> 0.9\n```\n",
        good="```promql\ncontainer_memory_working_set_bytes / (container_spec_memory_limit_bytes "
        "> 0) > 0.9\n```\n",
    ),
    check=check,
    doubt="A cluster that forces a limit on every container.",
)
