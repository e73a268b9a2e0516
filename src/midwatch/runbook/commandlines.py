"""Whether a line looks like a command somebody would type, judged by its first words."""

from __future__ import annotations

import functools

from midwatch.base import lazy
from midwatch.runbook import vocabulary

ASSIGNMENT = lazy.pattern(r"(?:export\s+)?[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")
VALUE = lazy.pattern(r"""(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"'])*\s+)+""")
PATH = lazy.pattern(
    r"(?:\.{1,2}|~|\$\w+|\$\{\w+\})?/[\w@.+/-]+$|[\w./-]+\.(?:sh|py|rb|pl|bash|exe)$"
)
FLAG = lazy.pattern(r"\s-{1,2}[A-Za-z]")
WRAPPERS = frozenset(
    {"sudo", "time", "exec", "nohup", "command", "!", "do", "then", "else", "watch"}
)
STARTS = ("[[", "[ ", "((", "$(", "{", "(", "if ", "for ", "while ", "until ", "case ", "function ")
FUNCTION = lazy.pattern(r"[A-Za-z_][\w-]*\s*\(\)\s*\{?")
WORD = lazy.pattern(r"[A-Za-z0-9_./~$!{}@:+-]+")
NAME = lazy.pattern(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$")


@functools.lru_cache(maxsize=8192)
def sure(line: str) -> bool:
    """Whether the line begins with a program that is known, used as one."""
    text = _bare(line)
    if not text:
        return bool(ASSIGNMENT.match(line.strip()))
    if text.startswith(STARTS[:4]) or FUNCTION.match(text):
        return True
    first, rest = _split(text)
    known = vocabulary.load()
    if first in WRAPPERS and rest:
        return sure(rest)
    if PATH.match(first):
        return True
    if first not in known.programs:
        return False
    return not _prose(rest)


@functools.lru_cache(maxsize=8192)
def likely(line: str) -> bool:
    """Whether the line has the form of a command: a program's name, and flags or arguments."""
    text = _bare(line)
    if not text or sure(line):
        return bool(text) or sure(line)
    if text.startswith(STARTS):
        return True
    first, rest = _split(text)
    if not NAME.match(first) or first.endswith(":"):
        return False
    return bool(FLAG.search(f" {rest}")) and not text.rstrip().endswith((".", ":"))


def program(line: str) -> str:
    """The program that the line begins with, behind assignments and `sudo`."""
    text = _bare(line)
    first, rest = _split(text)
    while first in WRAPPERS and rest:
        first, rest = _split(_bare(rest))
    return first.rsplit("/", 1)[-1]


def _bare(line: str) -> str:
    text = line.strip()[:2000]
    match = VALUE.match(text)
    return text[match.end() :].strip() if match else ("" if ASSIGNMENT.match(text) else text)


def _split(text: str) -> tuple[str, str]:
    match = WORD.match(text)
    if match is None:
        return "", text
    return match.group(), text[match.end() :].strip()


def _prose(rest: str) -> bool:
    """Whether what follows a program's name reads like a sentence."""
    words = rest.split(None, 2)
    if not words:
        return False
    first = words[0].lower().strip(",.;:")
    if words[0].startswith(("=", ":")) and len(words[0]) == 1:
        return True
    return first in vocabulary.load().prose and not rest.startswith(("-", "."))
