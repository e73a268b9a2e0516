"""A disk alert that counts blocks nobody but root may use."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model, promql

FREE = {
    "node_filesystem_free_bytes": "node_filesystem_avail_bytes",
    "node_memory_MemFree_bytes": "node_memory_MemAvailable_bytes",
}


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """The free of a disk or of memory, where what is available is meant."""
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if tree is None or isinstance(tree, promql.Fault):
            continue
        names = {promql.metric(node) for node in promql.nodes(tree)}
        for name, better in FREE.items():
            if name in names and better not in names:
                yield model.Hit(
                    expression.line,
                    f"`{name}` is not what programs can use; `{better}` is.",
                    fix=f"Use `{better}`.",
                    end_line=expression.end_line,
                )


RULE = model.Rule(
    id="alert/free-for-available",
    severity=model.Severity.INFO,
    summary="Free disk blocks or free memory, where available ones are meant.",
    why="Blocks reserved for root count as free, so the disk is full for the database before the "
    "alert fires; memory in caches counts as used, so a healthy machine pages.",
    fix="Use `node_filesystem_avail_bytes` and `node_memory_MemAvailable_bytes`.",
    example=model.Example(
        bad="```promql\nnode_filesystem_free_bytes / node_filesystem_size_bytes < 0.1\n```\n",
        good="```promql\nnode_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1\n```\n",
    ),
    check=check,
)
