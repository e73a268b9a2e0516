"""The PromQL in a document and in rule files: where it stands, and its syntax tree."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from midwatch.base import lazy, shape
from midwatch.checks import facts, manifests, model
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    import promql_parser
else:
    promql_parser = lazy.module("promql_parser")

ELISION = lazy.pattern(r"\.\.\.(?!\S*\")|…")
RANGE_HOLE = lazy.pattern(r"\[\s*(?:\$\{?\w+\}?|<[^>\]]+>)\s*(?=[\]:])")
HOLE = lazy.pattern(r"\$\{?[A-Za-z_]\w*\}?|\{\{[^{}]*\}\}|<[A-Za-z][\w .-]*>")
STRING = lazy.pattern(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
PROMPT = lazy.pattern(r"^\s*\$ ")
LOGS = lazy.pattern(
    r"\|[=~>]|\|\s*(?:json|logfmt|pattern|regexp|line_format|label_format|unwrap)\b"
)
"""LogQL, which begins like PromQL and is no fault in it."""
COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})


@shape.frozen
class Expression:
    """One expression, the line it begins on, and the alert it belongs to."""

    line: int
    text: str
    name: str = ""
    threshold: str = ""
    path: str = ""
    end_line: int = 0
    rule: runbooks.Rule | None = None


@shape.frozen
class Fault:
    """Why an expression does not parse, in the parser's words."""

    message: str


Tree = object
"""A node of `promql_parser`, told apart by the name of its type."""


@functools.lru_cache(maxsize=512)
def parse(text: str) -> promql_parser.Expr | Fault | None:
    """The expression's tree, the reason there is none, or nothing where a part is left out."""
    if ELISION.search(text) or LOGS.search(STRING.sub("", text)) or not text.strip():
        return None
    try:
        return promql_parser.parse(fill(text))
    except ValueError as error:
        return Fault(str(error))


def fill(text: str) -> str:
    """The text with a word or a duration in each hole that the document leaves open."""
    text = RANGE_HOLE.sub("[5m", text)
    pieces, at = [], 0
    for string in STRING.finditer(text):
        pieces += [HOLE.sub("hole", text[at : string.start()]), string[0]]
        at = string.end()
    return "".join([*pieces, HOLE.sub("hole", text[at:])])


@functools.lru_cache(maxsize=facts.REMEMBERED)
def expressions(subject: model.Subject) -> tuple[Expression, ...]:
    """Every expression of a document, once each, in order."""
    found = [*from_rules(subject), *from_blocks(subject), *from_manifests(subject)]
    unique: dict[int, Expression] = {}
    for expression in found:
        unique.setdefault(expression.line, expression)
    return tuple(unique[line] for line in sorted(unique))


def from_rules(subject: model.Subject) -> Iterator[Expression]:
    """The queries that the document's alerts state."""
    for rule in subject.runbook.rules:
        if rule.query:
            line = where(subject, rule.line, rule.query)
            yield Expression(line, rule.query, rule.name, rule.threshold or "", rule=rule)


def where(subject: model.Subject, line: int, text: str) -> int:
    """The line that holds the text, looked for from an alert's own line on."""
    first = text.strip().partition("\n")[0]
    near = (n for n in range(line, line + 30) if first and first in subject.line(n))
    return next(near, line)


def from_blocks(subject: model.Subject) -> Iterator[Expression]:
    """The expressions in PromQL blocks: the whole block as one, or else parted at blank lines."""
    for block in subject.runbook.blocks:
        if block.language == "promql" and block.role != "output" and closed(subject, block):
            lines = [(n, PROMPT.sub("", line)) for n, line in facts.block_lines(subject, block)]
            code = [each for each in lines if stands(each[1])]
            whole = "\n".join(line for _, line in code).strip()
            if code and not isinstance(parse(whole), Fault):
                yield Expression(code[0][0], whole, end_line=code[-1][0])
                continue
            for piece in pieces(lines):
                yield from parted(piece)


def closed(subject: model.Subject, block: runbooks.Block) -> bool:
    """Whether a fence that was opened is closed: else the block holds prose as well."""
    opening = facts.FENCE.match(subject.line(block.line))
    return opening is None or facts.FENCE.match(subject.line(block.end_line)) is not None


def stands(line: str) -> bool:
    """Whether a line is more than blank or a comment."""
    return bool(line.strip()) and not line.strip().startswith("#")


def pieces(lines: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """The runs of lines that no blank line and no comment part."""
    piece: list[tuple[int, str]] = []
    for number, line in [*lines, (0, "")]:
        if stands(line):
            piece.append((number, line))
        else:
            yield piece
            piece = []


def parted(piece: Sequence[tuple[int, str]]) -> Iterator[Expression]:
    """One expression over several lines, or one a line where the whole does not parse."""
    if not piece:
        return
    text = "\n".join(line for _, line in piece).strip()
    alone = [Expression(number, line.strip(), end_line=number) for number, line in piece]
    apart = all(not isinstance(parse(each.text), Fault) for each in alone)
    if len(piece) > 1 and apart and isinstance(parse(text), Fault):
        yield from alone
    else:
        yield Expression(piece[0][0], text, end_line=piece[-1][0])


def from_manifests(subject: model.Subject) -> Iterator[Expression]:
    """The `expr` of alerting and recording rules in YAML blocks."""
    for manifest in manifests.read(subject):
        for node in manifests.tables(manifest.data):
            expression = node.get("expr")
            if isinstance(expression, str) and ("alert" in node or "record" in node):
                first = expression.strip().partition("\n")[0]
                line = facts.line_of(
                    subject, re.escape(first) or "expr", manifest.line, manifest.end_line
                )
                yield Expression(line, expression, str(node.get("alert", "")))


def nodes(tree: promql_parser.Expr) -> list[Tree]:
    """Every node of a tree, outermost first."""
    seen: list[Tree] = []
    promql_parser.walk(tree, seen.append)
    return seen


def kind(node: Tree) -> str:
    """What a node is: BinaryExpr, Call, AggregateExpr, VectorSelector and so on."""
    return type(node).__name__


def bare(node: Tree) -> Tree:
    """The node without the parentheses around it."""
    while kind(node) == "ParenExpr":
        node = getattr(node, "expr", None)
    return node


def operator(node: Tree) -> str:
    """The operator of a binary expression or an aggregation; empty for other nodes."""
    return str(getattr(node, "op", ""))


def function(node: Tree) -> str:
    """The name of the function that a call calls; empty for other nodes."""
    return str(getattr(getattr(node, "func", None), "name", ""))


def metric(node: Tree) -> str:
    """The metric's name that a selector selects."""
    selector = getattr(node, "vector_selector", node)
    return str(getattr(selector, "name", None) or "")


def comparisons(tree: promql_parser.Expr) -> Iterator[tuple[Tree, str, float]]:
    """Each comparison with a number in a tree: what is compared, how, with what."""
    for node in nodes(tree):
        if kind(node) == "BinaryExpr" and operator(node) in COMPARISONS:
            left, right = bare(getattr(node, "lhs", None)), bare(getattr(node, "rhs", None))
            if kind(right) == "NumberLiteral":
                yield left, operator(node), float(getattr(right, "val", 0))
