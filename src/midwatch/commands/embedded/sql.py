"""What SQL statements do: the whole tree is walked, for a CTE or a function may write."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.commands import judging, model, vocabulary, words
from midwatch.commands.embedded import sql_words

if TYPE_CHECKING:
    import sqlglot
else:
    sqlglot = lazy.module("sqlglot")

LONGEST = 100_000
VALUE = "midwatch_value"
PLACEHOLDER = lazy.pattern(r"<[A-Za-z][\w -]*>|\{\{ ?[\w.]+ ?\}\}")
META = lazy.pattern(
    r"(?m)^\s*\\([A-Za-z!?]+)([^\n]*)$|\\([gG]x?)(?:[ \t][^\n;]*)?(?=\s*$)", re.MULTILINE
)
COMMENT = lazy.pattern(r"--[^\n]*|/\*(?!!).*?\*/", re.DOTALL)
SAFE = lazy.pattern(
    r"\s*(?:SELECT|SHOW)\b(?:[\s\w.,=<>'%:-]|\*(?!/)|!=|\b(?:count|sum|avg|min|max|now|version|coalesce|round|lower|upper|"
    r"current_database|pg_size_pretty|pg_database_size|pg_total_relation_size|pg_relation_size)"
    r"\([\w.,*' ()-]*\))*;?\s*",
    re.IGNORECASE,
)
NEVER_SAFE = lazy.pattern(r"\b(?:INTO|FOR|LOCK)\b|--|/\*|\\", re.IGNORECASE)
SAFE_CALLS = vocabulary.of(
    """
    count sum avg min max now version coalesce round lower upper current_database
    pg_size_pretty pg_database_size pg_total_relation_size pg_relation_size
    """
)
CALL = lazy.pattern(r"(\w+)\s*\(")


def verdict(text: str) -> judging.Verdict:
    """What Postgres SQL does, `psql`'s backslash commands included."""
    return _verdict(text, "postgres")


def mysql_verdict(text: str) -> judging.Verdict:
    """What MySQL and MariaDB SQL does."""
    return _verdict(text.replace("\\G", ";").replace("\\g", ";"), "mysql")


def clickhouse_verdict(text: str) -> judging.Verdict:
    """What ClickHouse SQL does."""
    return _verdict(text, "clickhouse")


def _verdict(text: str, dialect: str) -> judging.Verdict:
    if len(text) > LONGEST:
        return judging.unknown("the SQL is too long to be read")
    if words.MANY in text:
        return judging.unknown("the SQL is only known when it runs")
    plain = PLACEHOLDER.sub(words.HOLE, text)
    if plain_select(plain):
        return judging.read("a plain SELECT only looks")
    parts: list[judging.Verdict] = []
    if "\\" in plain:
        parts = [_meta(match) for match in META.finditer(plain)]
        plain = META.sub(";", plain)
    statements = list(split(plain))
    parts += (_statement(each, dialect) for each in statements)
    return judging.worst(parts) if parts else judging.unknown("there is no statement in it")


def plain_select(text: str) -> bool:
    """Whether it is one SELECT of columns and well-known functions, and nothing else."""
    return bool(
        SAFE.fullmatch(text.replace(words.HOLE, "x") if _hole_is_value(text) else text)
        and not NEVER_SAFE.search(text)
        and all(call.lower() in SAFE_CALLS for call in CALL.findall(text))
    )


def _hole_is_value(text: str) -> bool:
    return not text.lstrip().startswith(words.HOLE)


def split(text: str) -> Iterator[str]:
    """Statements, split at semicolons outside quotes, comments and dollar quotes."""
    start = 0
    for match in sql_words.TOKENS.finditer(text):
        if match[0] == ";":
            piece = text[start : match.start()]
            start = match.end()
            if sql_words.bare(piece):
                yield piece
    if sql_words.bare(text[start:]):
        yield text[start:]


def _meta(match: re.Match[str]) -> judging.Verdict:
    """What a backslash command of psql does."""
    name, rest = match[1] or match[3] or "", match[2] or ""
    if "`" in rest or "|" in rest:
        return judging.unknown(f"\\{name} runs a program")
    if sql_words.META_READS.fullmatch(name):
        return judging.read(f"\\{name} only shows")
    if name in sql_words.META_WRITES:
        return judging.change(f"\\{name} writes a file or changes a setting", judging.LOCAL)
    if name == "copy":
        words_of = rest.upper().split()
        if "FROM" in words_of and "TO" not in words_of:
            return judging.change("\\copy … from writes into the table")
        return judging.change("\\copy … to writes a file", judging.LOCAL)
    return judging.unknown(f"\\{name} is a command that Midwatch cannot judge")


def _statement(statement: str, dialect: str) -> judging.Verdict:
    bare = sql_words.bare(statement)
    first = bare.split()[0].upper().strip("(")
    if words.HOLE in first:
        return judging.unknown("the SQL is only known when it runs")
    by_word = sql_words.of_first_word(first, bare)
    if by_word is not None:
        return by_word
    if first in {"EXPLAIN", "DESCRIBE", "DESC"}:
        return _explain(bare, dialect)
    return _tree(statement, dialect)


def _explain(bare: str, dialect: str) -> judging.Verdict:
    """EXPLAIN ANALYZE carries the statement out; plain EXPLAIN only plans."""
    match = sql_words.EXPLAIN.match(bare)
    options = (match[1] or "").upper() if match else ""
    rest = bare[match.end() :] if match else ""
    if "ANALY" not in options:
        return judging.read("EXPLAIN only plans")
    return _statement(rest, dialect) if rest.strip() else judging.unknown("EXPLAIN of nothing")


def _tree(statement: str, dialect: str) -> judging.Verdict:
    filled = statement.replace(words.HOLE, VALUE)
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        trees = sqlglot.parse(filled, dialect=dialect)
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        return judging.unknown("this SQL cannot be read")
    return judging.worst([_node(tree) for tree in trees if tree is not None])


def _node(tree: sqlglot.expressions.Expr) -> judging.Verdict:
    expressions = sqlglot.expressions
    if isinstance(tree, (expressions.Condition, expressions.Alias)) and not isinstance(
        tree, expressions.Query
    ):
        return judging.unknown("this is no SQL statement that Midwatch knows")
    try:
        return judging.worst([_kind(node) for node in tree.walk()])
    except RecursionError:
        return judging.unknown("this SQL is nested too deeply")


def _kind(node: sqlglot.expressions.Expr) -> judging.Verdict:
    """What one node of the tree does by itself."""
    name = type(node).__name__
    if name in sql_words.DESTROYING_NODES:
        return judging.destroy(f"{sql_words.DESTROYING_NODES[name]} loses data")
    if name in sql_words.CHANGING_NODES:
        return judging.change(f"{sql_words.CHANGING_NODES[name]} changes the database")
    if name in {"Command", "Alter"}:
        return _command(node)
    if isinstance(node, sqlglot.expressions.Func):
        return _function(node)
    if name in sql_words.OPAQUE_NODES:
        return judging.unknown("this SQL cannot be read")
    return judging.READS


def _command(node: sqlglot.expressions.Expr) -> judging.Verdict:
    text = node.sql() if type(node).__name__ == "Alter" else f"{node.this} {node.expression or ''}"
    found = sql_words.of_first_word(str(node.this).upper(), text)
    if type(node).__name__ == "Alter":
        return sql_words.alter(text)
    return found or judging.unknown("this SQL cannot be read")


def _function(node: sqlglot.expressions.Func) -> judging.Verdict:
    name = (
        node.name if isinstance(node, sqlglot.expressions.Anonymous) else node.sql_name()
    ).lower()
    if name in sql_words.DISRUPTIVE_FUNCTIONS:
        return judging.change(f"{name}() cuts sessions off", model.Trait.DISRUPTIVE)
    if sql_words.WRITING_FUNCTIONS.fullmatch(name):
        return judging.change(f"{name}() changes the database")
    if not isinstance(node, sqlglot.expressions.Anonymous) or sql_words.READING_FUNCTIONS.fullmatch(
        name
    ):
        return judging.READS
    return judging.unknown(f"what the function {name}() does is not known")
