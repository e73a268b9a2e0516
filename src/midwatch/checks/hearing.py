"""What a program's own help says of a claim that it lacks a sub-command or a flag."""

from __future__ import annotations

import enum
import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import lazy, shape
from midwatch.checks import model

TABLE = Path(__file__).parent / "tables" / "asked.toml"
WORD = lazy.pattern(r"[a-z][a-z-]*")
REFUSED = lazy.pattern(
    r"unknown (?:sub-?)?command|is not a[\w -]* command|no such command|invalid choice"
    r"|unrecognized command|unknown operation|command not found",
    re.IGNORECASE,
)
USAGE = lazy.pattern(r"^\s*usage:?[ \t]*\n?[ \t]*(?P<line>\S.*)$", re.IGNORECASE | re.MULTILINE)
LONG = lazy.pattern(r"(?<![\w-])--[A-Za-z][\w-]*")
ENOUGH = 2
"""A help text with so many flags lists them all."""
WELL = frozenset({0, 129})
"""How programs end that print their help; git says 129."""


class Verdict(enum.Enum):
    """What became of a claim."""

    CONFIRMED = enum.auto()
    WITHDRAWN = enum.auto()
    UNSURE = enum.auto()


@shape.frozen
class Question:
    """What is asked of a program: sub-commands, and its word for help."""

    tool: str
    words: tuple[str, ...]


@shape.frozen
class Answer:
    """How a program ended, and what it printed."""

    code: int
    text: str


def question(claim: model.Claim) -> Question | None:
    """What to ask about a claim; nothing where it is not plain words of a known program."""
    words = claim.command if claim.missing.startswith("-") else (*claim.command, claim.missing)
    help_ = askable().get(claim.tool)
    if help_ is None or not all(WORD.fullmatch(word) for word in words):
        return None
    return Question(claim.tool, (*words, help_))


@functools.cache
def askable() -> Mapping[str, str]:
    """The programs that may be asked, each with its word for help."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {**dict.fromkeys(table["tools"], table["help"]), **table["words"]}


def verdict(claim: model.Claim, answer: Answer) -> Verdict:
    """What the program's help says of the claim."""
    if claim.missing.startswith("-"):
        return of_flag(claim.missing, answer)
    return of_command(claim, answer)


def of_flag(flag: str, answer: Answer) -> Verdict:
    """A flag is there when the help of its sub-command names it."""
    flags = set(LONG.findall(answer.text))
    if answer.code not in WELL or len(flags) < ENOUGH:
        return Verdict.UNSURE
    return Verdict.WITHDRAWN if flag in flags else Verdict.CONFIRMED


def of_command(claim: model.Claim, answer: Answer) -> Verdict:
    """A sub-command is there when its own usage is printed, or when it is in the list."""
    if answer.code not in WELL:
        refused = REFUSED.search(answer.text)
        return Verdict.CONFIRMED if refused else Verdict.UNSURE
    usage = usage_of(claim.tool, answer.text)
    name = r"\s+".join(map(re.escape, (claim.tool, *claim.command, claim.missing)))
    listed = re.search(rf"(?m)^\s+{re.escape(claim.missing)}(?![\w-])", answer.text)
    if listed or re.search(rf"(?<![\w-]){name}(?![\w-])", usage):
        return Verdict.WITHDRAWN
    return Verdict.CONFIRMED if usage else Verdict.UNSURE


def usage_of(tool: str, text: str) -> str:
    """The line that says how a program is called; nothing where there is none."""
    found = USAGE.search(text)
    if found:
        return found["line"]
    first = text.lstrip().partition("\n")[0]
    return first if first.startswith(f"{tool} [") else ""
