"""Which rows a change will touch: the same condition, asked as a SELECT beforehand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.plugs.steps.databases import model

if TYPE_CHECKING:
    import sqlglot
else:
    sqlglot = lazy.module("sqlglot")

SAMPLE = 5
HOLE = "midwatch_value_{}_"


def of(statement: model.Statement, dialect: str) -> model.Statement | None:
    """A SELECT of some rows that the change will touch; None where that is not plain to see."""
    marked = statement.text(HOLE)
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        tree = sqlglot.parse_one(marked, dialect=dialect)
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        return None
    if not isinstance(tree, (sqlglot.expressions.Update, sqlglot.expressions.Delete)):
        return None
    known = {"this", "where", "expressions"}
    if any(tree.args.get(name) for name in tree.args if name not in known):
        return None  # a join, an order, a limit: the rows would be others
    if not isinstance(tree.this, sqlglot.expressions.Table) or tree.this.args.get("joins"):
        return None
    query = sqlglot.expressions.select("*").from_(tree.this.copy()).limit(SAMPLE)
    where = tree.args.get("where")
    if where is not None and where.find(sqlglot.expressions.Anonymous):
        return None  # what a function of the database's own does when it is called, is not known
    if where is not None:
        query = query.where(where.this.copy())
    return _parted(query.sql(dialect=dialect), statement.values)


def _parted(text: str, values: tuple[str | int, ...]) -> model.Statement | None:
    """The text with its marks turned into bound values again."""
    pieces, used = [], []
    for number, value in enumerate(values, start=1):
        before, mark, after = text.partition(HOLE.format(number))
        if not mark:
            continue  # it stood in SET, which the question does not need
        if HOLE.format(number) in after:
            return None
        pieces.append(before)
        used.append(value)
        text = after
    left = any(HOLE.format(number) in each for number in range(1, 10) for each in [*pieces, text])
    return None if left else model.Statement((*pieces, text), tuple(used))
