"""What shfmt prints as JSON, turned into our own small nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from midwatch.commands import model, syntax, unquoting

Json: TypeAlias = dict[str, Any]
At: TypeAlias = Callable[[int], int]
"""Turns a byte offset of shfmt into a character offset of the text."""

LISTS = frozenset({"&&", "||"})
PIPES = frozenset({"|", "|&"})
COMPARISONS = frozenset({"==", "!=", "<=", ">="})
DEFAULTS = frozenset({":-", "-", ":+", "+", ":=", "="})
HEREDOCS = frozenset({"<<", "<<-"})


class Converter:
    """Converts the statements of one text; `at` maps its offsets."""

    def __init__(self, at: At) -> None:
        self.at = at
        self.reach = 0
        """Where the here-documents end that the statement brings: shfmt counts only one that is its
        last redirection."""
        self.compounds: dict[str, Callable[[Json], syntax.Node]] = {
            "CallExpr": self.call,
            "BinaryCmd": self.binary,
            "FuncDecl": self.function,
            "DeclClause": self.declaration,
            "ForClause": self.for_loop,
        }

    def span(self, node: Json) -> model.Span:
        """Where the node stands."""
        return model.Span(self.at(node["Pos"]["Offset"]), self.at(node["End"]["Offset"]))

    def text(self, nodes: Iterable[Json]) -> tuple[syntax.Statement, ...]:
        """The statements of a whole text, each with its here-documents."""
        found: list[syntax.Statement] = []
        for node in nodes:
            self.reach = 0
            statement = self.statement(node)
            end = max(statement.span.end, self.reach)
            whole = dataclasses.replace(statement, span=model.Span(statement.span.start, end))
            if found and whole.span.start < found[-1].span.end:
                whole = _together(found.pop(), whole)
            found.append(whole)
        return tuple(found)

    def statements(self, nodes: Iterable[Json] | None) -> tuple[syntax.Statement, ...]:
        """Statements, in order."""
        return tuple(self.statement(node) for node in nodes or ())

    def statement(self, node: Json) -> syntax.Statement:
        """One statement with its redirections."""
        background = bool(node.get("Background") or node.get("Disown"))
        span = self.span(node)
        if node.get("Semicolon") and not background and not node.get("Coprocess"):
            span = model.Span(span.start, max(self.at(node["Semicolon"]["Offset"]), span.start))
        return syntax.Statement(
            node=self.command(node["Cmd"], span) if node.get("Cmd") else syntax.Call((), (), span),
            redirections=tuple(self.redirection(each) for each in node.get("Redirs") or ()),
            span=span,
            background=background,
        )

    def command(self, node: Json, span: model.Span) -> syntax.Node:
        """What a statement consists of."""
        convert = self.compounds.get(node["Type"])
        if convert:
            return convert(node)
        kind = node["Type"]
        if kind in {"TimeClause", "CoprocClause"} and not node.get("Stmt"):
            return syntax.Call((), (), span)
        if kind == "CoprocClause" and _mistaken(node["Stmt"]):
            return syntax.Unparsed("what coproc runs cannot be told from its assignments")
        return syntax.Compound(
            kind=kind,
            statements=tuple(self.statements_in(node)),
            words=tuple(self.words_in(node, statements=False)),
            names=tuple(_assigned_names(node)),
        )

    def call(self, node: Json) -> syntax.Node:
        """A simple command."""
        return syntax.Call(
            assignments=tuple(self.assignment(each) for each in node.get("Assigns") or ()),
            words=tuple(self.word(each) for each in node.get("Args") or ()),
            span=self.span(node),
        )

    def binary(self, node: Json) -> syntax.Node:
        """A pipeline, or a list joined by `&&` and `||`."""
        operators = PIPES if node["Op"] in PIPES else LISTS
        parts = [node["Y"]]
        left = node["X"]
        while _joins(left, operators):
            parts.append(left["Cmd"]["Y"])
            left = left["Cmd"]["X"]
        parts.append(left)
        statements = self.statements(reversed(parts))
        if operators is PIPES:
            return syntax.Pipeline(statements)
        return syntax.Compound("List", statements)

    def function(self, node: Json) -> syntax.Node:
        """A function definition."""
        return syntax.Function(node["Name"]["Value"], self.statement(node["Body"]))

    def declaration(self, node: Json) -> syntax.Node:
        """`export`, `declare` and their kind."""
        options, assignments = [], []
        for each in node.get("Args") or ():
            if each.get("Name"):
                assignments.append(self.assignment(each))
            elif each.get("Value"):
                options.append(self.word(each["Value"]))
        return syntax.Declaration(
            node["Variant"]["Value"], tuple(options), tuple(assignments), self.span(node)
        )

    def for_loop(self, node: Json) -> syntax.Node:
        """A loop over words, or a counting loop."""
        loop = node["Loop"]
        variable = loop["Name"]["Value"] if loop["Type"] == "WordIter" else ""
        return syntax.Compound(
            kind="ForClause",
            statements=(*self.statements_in(loop), *self.statements(node.get("Do"))),
            words=tuple(self.words_in(loop, statements=False)),
            variable=variable,
            names=tuple(_assigned_names(loop)),
        )

    def assignment(self, node: Json) -> syntax.Assignment:
        """A variable given a value."""
        value = self.word(node["Value"]) if node.get("Value") else None
        extra = [node[key] for key in ("Index", "Array") if node.get(key)]
        others = tuple(word for each in extra for word in self.words_in(each, statements=False))
        return syntax.Assignment(
            name=node["Name"]["Value"],
            value=value,
            words=(*((value,) if value else ()), *others),
            bare=bool(node.get("Naked")),
            literal=not (node.get("Append") or node.get("Index") or node.get("Array")),
        )

    def redirection(self, node: Json) -> syntax.Redirection:
        """A redirection, with the here-document it may bring."""
        operator = node["Op"]
        body = None
        if operator in HEREDOCS:
            raw = any(part["Type"] != "Lit" for part in node["Word"]["Parts"]) or any(
                "\\" in part.get("Value", "") for part in node["Word"]["Parts"]
            )
            hdoc = node.get("Hdoc") or {**node["Word"], "Parts": []}
            self.reach = max(self.reach, self.at(node["End"]["Offset"]))
            body = self.word(hdoc, unquote=str if raw else unquoting.heredoc, quoted=True)
        number = node["N"]["Value"] if node.get("N") else ""
        return syntax.Redirection(operator, self.word(node["Word"]), body, number)

    def word(
        self, node: Json, unquote: Callable[[str], str] = unquoting.plain, *, quoted: bool = False
    ) -> syntax.Word:
        """One word, unquoted."""
        parts = self.parts(node.get("Parts") or (), unquote, quoted=quoted)
        return syntax.Word(tuple(parts), self.span(node))

    def parts(
        self, nodes: Iterable[Json], unquote: Callable[[str], str], *, quoted: bool
    ) -> Iterator[syntax.Part]:
        """The parts of a word, in order."""
        for node in nodes:
            kind = node["Type"]
            if kind == "Lit":
                yield syntax.Literal(unquote(node["Value"]), quoted)
            elif kind == "SglQuoted":
                value = node.get("Value", "")
                text = unquoting.ansi(value) if node.get("Dollar") else value
                yield syntax.Literal(text, quoted=True)
            elif kind == "DblQuoted":
                yield syntax.Literal("", quoted=True)
                inner = node.get("Parts") or ()
                yield from self.parts(inner, unquoting.double_quoted, quoted=True)
            elif kind == "ParamExp":
                yield self.parameter(node, quoted=quoted)
            elif kind in {"CmdSubst", "ProcSubst"}:
                statements = self.statements(node.get("Stmts"))
                yield syntax.Substitution(statements, quoted, process=kind == "ProcSubst")
            else:
                yield syntax.Arithmetic(tuple(self.words_in(node, statements=False)))

    def parameter(self, node: Json, *, quoted: bool) -> syntax.Parameter:
        """A variable, and what is asked of it."""
        name = (node.get("Param") or {}).get("Value", "")
        operator = (node.get("Exp") or {}).get("Op", "")
        changed = [key for key in ("Excl", "Length", "Slice", "Repl", "Names") if node.get(key)]
        index = node.get("Index") or {}
        whole = any(part.get("Value") in {"@", "*"} for part in index.get("Parts") or ())
        extra = [node[key] for key in ("Exp", "Slice", "Repl", "Index") if node.get(key)]
        return syntax.Parameter(
            name=name,
            quoted=quoted,
            plain=not (operator or changed or index),
            many=name == "@" or (name == "*" and not quoted) or whole or bool(node.get("Names")),
            optional=operator in DEFAULTS,
            assigns=operator in {":=", "="},
            words=tuple(word for each in extra for word in self.words_in(each, statements=False)),
        )

    def words_in(self, node: object, *, statements: bool = True) -> Iterator[syntax.Word]:
        """Every word below a node, but not those of statements below it unless asked."""
        if isinstance(node, list):
            for each in node:
                yield from self.words_in(each, statements=statements)
        elif isinstance(node, dict):
            if "Cmd" in node and not statements:
                return
            if "Parts" in node:
                yield self.word(node)
                return
            for key, value in node.items():
                if key not in {"Pos", "End"} and isinstance(value, dict | list):
                    yield from self.words_in(value, statements=statements)

    def statements_in(self, node: object) -> Iterator[syntax.Statement]:
        """The topmost statements below a node, in order."""
        if isinstance(node, list):
            for each in node:
                yield from self.statements_in(each)
        elif isinstance(node, dict):
            if "Parts" in node or "Hash" in node:
                return
            if "Cmd" in node or "Redirs" in node:
                yield self.statement(node)
                return
            for value in node.values():
                if isinstance(value, dict | list):
                    yield from self.statements_in(value)


def comments(node: object) -> Iterator[Json]:
    """Every comment below a node: shfmt hangs them on whatever stands near."""
    if isinstance(node, list):
        for each in node:
            yield from comments(each)
    elif isinstance(node, dict):
        if "Hash" in node:
            yield node
            return
        for key, value in node.items():
            if key not in {"Pos", "End", "Args"} and isinstance(value, dict | list):
                yield from comments(value)


def _together(first: syntax.Statement, second: syntax.Statement) -> syntax.Statement:
    """Two statements of one line whose here-documents stand behind both."""
    span = model.Span(first.span.start, max(first.span.end, second.span.end))
    return syntax.Statement(syntax.Compound("List", (first, second)), (), span)


def _joins(statement: Json, operators: frozenset[str]) -> bool:
    command = statement.get("Cmd") or {}
    plain = not (statement.get("Redirs") or statement.get("Negated"))
    return plain and command.get("Type") == "BinaryCmd" and command["Op"] in operators


def _mistaken(statement: Json) -> bool:
    """Whether shfmt took operands such as `of=file` behind coproc for assignments."""
    return bool((statement.get("Cmd") or {}).get("Assigns"))


def _assigned_names(node: object) -> Iterator[str]:
    """Variables that arithmetic gives a value: `i++`, `x = 3`."""
    if isinstance(node, list):
        for each in node:
            yield from _assigned_names(each)
    elif isinstance(node, dict) and "Cmd" not in node:
        operator = node.get("Op", "")
        changes = operator in {"++", "--"} or (
            isinstance(operator, str) and operator.endswith("=") and operator not in COMPARISONS
        )
        if changes and str(node.get("Type", "")).endswith("Arithm"):
            for part in (node.get("X") or {}).get("Parts") or ():
                yield part.get("Value") or ""
        for value in node.values():
            if isinstance(value, dict | list):
                yield from _assigned_names(value)
