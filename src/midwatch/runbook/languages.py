"""What a block really is: its tag is a hint, its content decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.runbook import commandlines, consoles

if TYPE_CHECKING:
    import promql_parser
else:
    promql_parser = lazy.module("promql_parser")

SHELL = (
    frozenset(
        {
            "bash",
            "sh",
            "shell",
            "zsh",
            "ksh",
            "shel",
            "shellscript",
            "bsh",
            "command",
            "cmd",
            "cli",
            "fish",
            "bashrc",
            "ssh",
        }
    )
    | consoles.TAGS
)
PLAIN = frozenset(
    {
        "",
        "text",
        "plaintext",
        "plain",
        "txt",
        "code",
        "none",
        "output",
        "log",
        "logs",
        "raw",
        "example",
    }
)
NAMES = {
    "yml": "yaml",
    "postgresql": "sql",
    "postgres": "sql",
    "pgsql": "sql",
    "psql": "sql",
    "plpgsql": "sql",
    "mysql": "sql",
    "tsql": "sql",
    "sqlite": "sql",
    "cql": "sql",
    "cypher": "cypher",
    "py": "python",
    "python3": "python",
    "js": "javascript",
    "ts": "typescript",
    "rb": "ruby",
    "golang": "go",
    "tf": "hcl",
    "terraform": "hcl",
    "ps1": "powershell",
    "pwsh": "powershell",
    "json5": "json",
    "jsonc": "json",
    "prom": "promql",
    "promql": "promql",
    "metricsql": "promql",
    "dockerfile": "dockerfile",
    "docker": "dockerfile",
    "make": "makefile",
    "logql": "logql",
    "bat": "batch",
    "redis": "redis",
    "rest": "http",
}
SQL = lazy.pattern(
    r"\s*(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+[\w.\"`]+\s+SET\s|DELETE\s+FROM\s|ALTER\s+(?:TABLE|SYSTEM|ROLE|USER|DATABASE|KEYSPACE|INDEX)\s|"
    r"CREATE\s+(?:UNIQUE\s+)?(?:OR\s+REPLACE\s+)?(?:TABLE|INDEX|USER|ROLE|DATABASE|VIEW|EXTENSION|FUNCTION|MATERIALIZED|SCHEMA)\b|DROP\s+(?:TABLE|INDEX|DATABASE|USER|VIEW|SCHEMA)\s|"
    r"TRUNCATE\s|VACUUM\b|ANALYZE\b|EXPLAIN\s|SHOW\s+(?:FULL\s+)?\w+|WITH\s+\w+\s+AS\s*\(|GRANT\s|REVOKE\s|REINDEX\s|BEGIN\s*;|COMMIT\s*;|KILL\s+\d+\s*;|USE\s+\w+\s*;|SET\s+GLOBAL\s)",
    re.IGNORECASE,
)
KEY = lazy.pattern(r"\s*(?:- )*[\"']?[A-Za-z_<{$][\w.$<>{}/-]*[\"']?:(?:\s|$)|\s*- \S|\s*#|\s*$")
MAPPING = lazy.pattern(
    r"\s*(?:- )?[\"']?[A-Za-z_][\w./-]*[\"']?:\s*(?:$|#)"
    r"|(?:apiVersion|kind|name|version|groups|alert): \S"
)
ROTATE = lazy.pattern(r"\s*(?:/\S*|\"/[^\"]+\"|\*\.\w+)(?:\s+/\S*)*\s*\{\s*$")
REQUEST = lazy.pattern(
    r"\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?://|/)\S*(?:\s+HTTP/\d(?:\.\d)?)?\s*$"
)
SECTION = lazy.pattern(r"\s*\[[\w .:/-]+\]\s*$")
COLUMNS = lazy.pattern(r"\s*[A-Z][A-Z0-9_()%-]+(?:\s{2,}|\t)[A-Z][A-Z0-9_()%/-]+")
STAMP = lazy.pattern(
    r"\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\s*[A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d"
    r"|\s*[IWEF]\d{4} \d\d:\d\d|\s*(?:ERROR|WARN|INFO|FATAL"
    r"|DEBUG)\b|\s*(?:Warning|Error|Traceback|panic)\b[^"
    r"|&;$]{0,80}:"
)
METRIC = lazy.pattern(r"[a-zA-Z_:][\w:]*_[\w:]*|\bup\b")
QUERY = lazy.pattern(r"[{(\[]|[<>=!]=?\s*-?\d")
ARROWS = lazy.pattern(r"\u2192|\u2500|\u2502|\u250c|\u2514|\u251c|-->|==>")
ENOUGH = 40
"""Lines by which a block is judged."""
LONGEST = 4000
"""A longer text is no single query."""
TREE = lazy.pattern(r"[\u2500\u2502\u250c\u2514\u251c\u2510\u2518]")


def name(tag: str) -> str:
    """The usual name of the language that a tag names."""
    return NAMES.get(tag, tag)


def decide(tag: str, text: str) -> str:
    """The language of a block with that tag and that text."""
    if tag in SHELL:
        if consoles.prompt(text[:20_000].split("\n"), tag) is not None:
            return "bash"
        return _foreign(text, tag) or "bash"
    if tag in PLAIN:
        return _untagged(text, tag)
    return name(tag)


def _significant(text: str) -> list[str]:
    found = []
    for line in text[:20_000].split("\n"):
        bare = line.strip()
        if bare and not bare.startswith(("#", "//", "--")):
            found.append(line)
            if len(found) >= ENOUGH:
                break
    return found


def _foreign(text: str, tag: str = "") -> str | None:
    """What a text is, where it plainly is no shell."""
    lines = _significant(text)
    if not lines or text.lstrip().startswith("#!"):
        return None
    first = lines[0]
    if ROTATE.match(first) and text.rstrip().endswith("}"):
        return "logrotate"
    if commandlines.sure(first) and not _configuration(lines):
        return None
    tests: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("json", lambda: _json(text, lines)),
        ("sql", lambda: bool(SQL.match(first)) and _sql(text)),
        ("http", lambda: bool(REQUEST.match(first))),
        ("yaml", lambda: _yaml(lines)),
        ("ini", lambda: _configuration(lines)),
        ("diff", lambda: first.startswith(("diff --git", "--- a/", "@@ "))),
        ("output", lambda: _output(lines)),
        ("promql", lambda: is_query(text)),
    )
    for language, test in tests:
        if test():
            return language
    return "output" if tag in consoles.TAGS and _answer(lines) else None


def _untagged(text: str, tag: str) -> str:
    lines = _significant(text)
    if text.lstrip().startswith(("#!/bin/", "#!/usr/bin/env bash", "#!/usr/bin/env sh")):
        return "bash"
    if not lines:
        return "text"
    every = text[:20_000].split("\n")
    if tag not in {"output", "log", "logs"} and consoles.prompt(every, tag) is not None:
        return "bash"
    foreign = _foreign(text)
    if foreign:
        return foreign
    if TREE.search(text) or tag in {"output", "log", "logs"}:
        return "text"
    return "bash" if _commands(lines) else "text"


def _commands(lines: list[str]) -> bool:
    """Whether an untagged text is commands: it begins with one, and most of its lines may be."""
    if not commandlines.likely(lines[0]):
        return False
    open_line = False
    good = 0
    for line in lines:
        good += open_line or line[:1].isspace() or commandlines.likely(line)
        open_line = line.rstrip().endswith(("\\", "|", "{", "(", "'", '"'))
    return commandlines.sure(lines[0]) and 2 * good >= len(lines)


def _json(text: str, lines: list[str]) -> bool:
    first = lines[0].strip()
    if not first.startswith(("{", "[")) or text.rstrip()[-1:] not in {"}", "]", ","}:
        return False
    if first in {"{", "["}:
        return len(lines) > 1 and lines[1].strip()[:1] in {'"', "{", "[", "}", "]"}
    return bool(re.match(r"[\[{]+\s*[\"{\d}\]]", first))


def _sql(text: str) -> bool:
    return (
        ";" in text
        or bool(re.search(r"\b(?:FROM|SET|INTO|TABLE|INDEX|WHERE)\b", text[:4000]))
        or text.strip().isupper()
    )


def _yaml(lines: list[str]) -> bool:
    if not MAPPING.match(lines[0]) or any(
        commandlines.sure(line) for line in lines if not line[:1].isspace()
    ):
        return False
    keys = sum(1 for line in lines if KEY.match(line) or line.startswith("  "))
    return len(lines) > 1 and 10 * keys >= 8 * len(lines)


def _configuration(lines: list[str]) -> bool:
    return (
        bool(SECTION.match(lines[0]))
        and len(lines) > 1
        and any("=" in line or ":" in line for line in lines[1:4])
    )


def _output(lines: list[str]) -> bool:
    return bool(COLUMNS.match(lines[0]) or STAMP.match(lines[0])) and not commandlines.likely(
        lines[0]
    )


def is_output(line: str) -> bool:
    """Whether a line is plainly what a machine said: a table's heading, a log line."""
    return bool(COLUMNS.match(line) or STAMP.match(line)) and not commandlines.sure(line)


def _answer(lines: list[str]) -> bool:
    """Whether a session without prompts holds only what a machine said."""
    return not any(commandlines.likely(line) for line in lines)


def is_query(text: str) -> bool:
    """Whether a text is one PromQL expression."""
    body = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#")).strip()
    if not body or len(body) > LONGEST or not METRIC.search(body) or not QUERY.search(body):
        return False
    if body.startswith(("./", "/", "$", "[", "-")) or commandlines.sure(body.split("\n", 1)[0]):
        return False
    return parses(body.split("\n\n", 1)[0])


def parses(query: str) -> bool:
    """Whether the PromQL parser takes the expression."""
    try:
        promql_parser.parse(query)
    except ValueError:
        return False
    return True
