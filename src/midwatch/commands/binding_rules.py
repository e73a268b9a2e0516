"""Where a value may go: what surrounds it, and who would read it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from midwatch.base import lazy
from midwatch.commands import syntax
from midwatch.commands.quoting import Quotes

TAME = lazy.pattern(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_.:/@+=,]|-(?!-))*|\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?"
)
"""Values that mean nothing in any language."""
INTEGER = lazy.pattern(r"-?[0-9]+")
HOST = lazy.pattern(r"[A-Za-z0-9.-]+(?::[0-9]+)?")
LONGEST = 120_000
"""The system takes no longer word than this from anybody."""
INTERPRETERS = frozenset(
    """
    eval bash sh zsh dash ksh fish ash source . trap ssh su runuser watch xargs parallel make
    psql mysql mariadb sqlite3 mongo mongosh cqlsh clickhouse-client clickhouse influx duckdb
    python python2 python3 perl ruby node php lua awk gawk mawk sed jq yq helm ansible pdsh knife
    fab rails expect osascript envsubst let test [ unset read declare typeset local
    gitlab-psql gitlab-rails crontab at batch tmux screen
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)
READS_FILES = frozenset({"curl", "http", "https", "xh", "gh", "wget"})
PROGRAM = lazy.pattern(r"[\s;|&$<>(){}'\"`\\]")
Node: TypeAlias = Any
"""Anything a parsed text is made of: its shapes nest freely."""
LISTS = frozenset({"ForClause", "SelectClause", "CaseClause"})


@dataclasses.dataclass(frozen=True, slots=True)
class Use:
    """One word that holds a value, and who gets it."""

    word: str
    """The word with its quotes taken away."""
    token: str
    calls: tuple[str, ...] = ()
    """The literal words of the command it belongs to."""
    first: bool = False
    """It is the command's name."""
    evaluated: bool = False
    """Bash itself evaluates it: a test, arithmetic."""
    name: bool = False

    @property
    def before(self) -> str:
        """What stands before the value in its word."""
        return self.word.partition(self.token)[0]

    @property
    def after(self) -> str:
        """What stands behind it."""
        return self.word.partition(self.token)[2]

    @property
    def in_url(self) -> bool:
        """It stands in a URL, behind the host."""
        return bool(re.search(r"^[a-z][a-z0-9+.-]*://[^/]+/", self.before, re.IGNORECASE))

    @property
    def in_host(self) -> bool:
        """It stands where a URL names its host."""
        return "://" in self.before and not self.in_url


def never(value: str) -> str:
    """Why this value goes nowhere at all."""
    if not value:
        return "it is empty, and the command would mean something else"
    if "\0" in value:
        return "it holds a NUL, which no command can take"
    if len(value.encode("utf-8", "surrogatepass")) > LONGEST:
        return f"it is longer than {LONGEST:,} bytes"
    if re.search("[\ud800-\udfff]", value):
        return "it holds bytes that are no characters"
    return ""


def refusal(value: str, quotes: Quotes, uses: list[Use]) -> str:
    """Why this value may not go to this place; nothing where it may."""
    if quotes is Quotes.ARITHMETIC:
        return "" if INTEGER.fullmatch(value) else "here only a whole number can stand"
    if quotes is Quotes.PARAMETER or not uses:
        return "" if TAME.fullmatch(value) else _tame("bash itself")
    if quotes in {Quotes.HEREDOC, Quotes.RAW_HEREDOC} and not TAME.fullmatch(value):
        return _tame("whoever reads the here-document")
    for use in uses:
        reason = _use_refusal(value, use)
        if reason:
            return reason
    return ""


def _tame(reader: str) -> str:
    return (
        f"{reader} would read it as part of a program; "
        "only letters, digits and _ . : / @ + = , - can stand here"
    )


def _use_refusal(value: str, use: Use) -> str:
    if use.name or (use.first and use.word == use.token):
        return "a value cannot be the name of what runs"
    if value.startswith("-") and not use.before:
        return "it begins with a dash, and the command would take it for an option"
    if value.startswith("@") and READS_FILES & set(use.calls):
        return "it begins with @, and the command would read a file of that name"
    if _climbs(value, use):
        return "it would lead out of the folder that the path names"
    if use.in_host and not HOST.fullmatch(value):
        return "a host name can stand here and nothing else"
    if TAME.fullmatch(value):
        return ""
    if use.evaluated or use.first:
        return _tame("bash itself")
    reader = next((call for call in use.calls if _base(call) in INTERPRETERS), "")
    if reader:
        return _tame(_base(reader))
    if not use.in_url and PROGRAM.search(use.before + use.after) and not _is_text(use):
        return _tame(_base(use.calls[0]) if use.calls else "the command")
    return ""


TEXT_ONLY = frozenset({"echo", "logger", "wall", "say"})


def _is_text(use: Use) -> bool:
    return bool(use.calls) and use.calls[0] in TEXT_ONLY


def _climbs(value: str, use: Use) -> bool:
    if not (use.before.endswith("/") or use.after.startswith("/")) or use.in_url or use.in_host:
        return False
    parts = value.split("/")
    return ".." in parts or all(part in {"", "."} for part in parts)


def _base(command: str) -> str:
    return command.rpartition("/")[2]


def uses(parsed: syntax.Parsed, token: str) -> list[Use]:
    """Every word of the text that holds the token."""
    return [use for use in _walk(parsed.statements, token, _Around()) if token in use.word]


@dataclasses.dataclass(frozen=True, slots=True)
class _Around:
    calls: tuple[str, ...] = ()
    evaluated: bool = False


def _walk(  # noqa: C901  (one case for each shape)
    node: Node, token: str, around: _Around
) -> Iterator[Use]:
    match node:
        case tuple():
            for each in node:
                yield from _walk(each, token, around)
        case syntax.Word():
            yield Use(value(node), token, around.calls, evaluated=around.evaluated)
            for part in node.parts:
                yield from _walk(part, token, around)
        case syntax.Call():
            yield from _walk_call(node, token)
        case syntax.Compound():
            inner = dataclasses.replace(around, evaluated=not _is_list(node))
            yield from _walk(node.words, token, inner)
            yield from _walk(node.statements, token, around)
            yield from _names((node.variable, *node.names), token)
        case syntax.Function():
            yield from _names((node.name,), token)
            yield from _walk(node.body, token, around)
        case syntax.Assignment():
            yield from _names((node.name,), token)
            yield from _walk(node.words or node.value, token, around)
        case _ if dataclasses.is_dataclass(node):
            for field in dataclasses.fields(node):
                yield from _walk(getattr(node, field.name), token, around)


def _is_list(node: syntax.Compound) -> bool:
    return node.kind == "CaseClause" or (node.kind in LISTS and bool(node.variable))


def _walk_call(node: syntax.Call, token: str) -> Iterator[Use]:
    yield from _walk(node.assignments, token, _Around())
    calls = tuple(value(word) for word in node.words)
    around = _Around(calls)
    for index, word in enumerate(node.words):
        for use in _walk(word, token, around):
            outer = use.word == calls[index]
            yield dataclasses.replace(use, first=index == 0 and outer)


def _names(names: tuple[str, ...], token: str) -> Iterator[Use]:
    yield from (Use(name, token, name=True) for name in names if token in name)


def value(word: syntax.Word) -> str:
    """A word's literal parts, with a mark where anything else stands."""
    return "".join(part.value if isinstance(part, syntax.Literal) else "$" for part in word.parts)


def shape(node: Node, values: Mapping[str, str], variables: Mapping[str, str]) -> Node:
    """The program without places: two texts of the same shape are the same program.

    `values` stands in for the tokens; a quoted variable of `variables` counts as its token.
    """
    match node:
        case str():
            return _replaced(node, values)
        case tuple():
            return tuple(shape(each, values, variables) for each in node)
        case syntax.Word():
            return ("Word", _merged(node, values, variables))
        case _ if dataclasses.is_dataclass(node):
            return (
                type(node).__name__,
                *(
                    shape(getattr(node, field.name), values, variables)
                    for field in dataclasses.fields(node)
                    if field.name != "span"
                ),
            )
        case _:
            return node


def _merged(word: syntax.Word, values: Mapping[str, str], variables: Mapping[str, str]) -> Node:
    """Literals that touch are one, however they are quoted."""
    parts: list[Any] = []
    for part in word.parts:
        text = None
        if isinstance(part, syntax.Literal):
            text = _replaced(part.value, values)
        elif isinstance(part, syntax.Parameter) and part.name in variables and part.plain:
            text = variables[part.name]
        if text is None:
            parts.append(shape(part, values, variables))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += text
        elif text:
            parts.append(text)
    return tuple(parts)


def _replaced(text: str, values: Mapping[str, str]) -> str:
    if "midwatchhole" not in text:
        return text
    return re.sub(r"midwatchhole\d+x", lambda found: values.get(found[0], found[0]), text)


def variable_refusal(parsed: syntax.Parsed, name: str) -> str:
    """Why a value with signs of its own may not stand in that variable, wherever it is used."""
    return next(_risky(parsed.statements, name, ()), "")


def _risky(  # noqa: C901  (one case for each shape)
    node: Node, name: str, calls: tuple[str, ...]
) -> Iterator[str]:
    match node:
        case tuple():
            for each in node:
                yield from _risky(each, name, calls)
        case syntax.Assignment(value=syntax.Word(parts=(syntax.Parameter(),))):
            return  # bash splits nothing there
        case syntax.Call():
            words = tuple(value(word) for word in node.words)
            yield from _risky((node.assignments, node.words), name, words)
        case syntax.Compound():
            if any(name in _parameters(word) for word in node.words):
                yield _tame("bash itself")
            yield from _risky(node.statements, name, calls)
        case syntax.Parameter() if node.name == name:
            reader = next((call for call in calls if _base(call) in INTERPRETERS), "")
            if reader:
                yield _tame(_base(reader))
            elif not node.quoted:
                yield "it is used without quotes, and bash would split it into words"
        case syntax.Redirection(body=syntax.Word() as body) if name in _parameters(body):
            yield _tame("whoever reads the here-document")
        case _ if dataclasses.is_dataclass(node):
            for field in dataclasses.fields(node):
                yield from _risky(getattr(node, field.name), name, calls)


def _parameters(word: syntax.Word) -> set[str]:
    return {part.name for part in word.parts if isinstance(part, syntax.Parameter)}
