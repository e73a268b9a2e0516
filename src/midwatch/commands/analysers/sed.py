"""`sed`: a script may write files (`w`) or run commands (`e`); `-i` stands in its table."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import judging, redirections, words
from midwatch.commands.analysers import protocol

SCRIPTS = ("-e", "--expression")
ADDRESS = lazy.pattern(
    r"\s*(?:(?:\d+|\$|\0|/(?:[^/\\\n]|\\.)*/[IM]*|\\(.)(?:(?!\1).)*\1[IM]*)"
    r"(?:[,~](?:[+~]?\d+|\$|\0|/(?:[^/\\\n]|\\.)*/[IM]*))?)?\s*!?\s*",
    re.DOTALL,
)
PLAIN = frozenset("pPdDgGhHnNxqQlzF=")
TO_LINE_END = frozenset("aicbtTr:R#v")


def verdict(case: protocol.Case) -> judging.Verdict:
    """What the scripts do; one that cannot be read is unknown."""
    scripts = [flag.value or "" for flag in case.found.flags if flag.name in SCRIPTS]
    if not scripts and not case.found.has("-f", "--file", "--help", "--version"):
        scripts = [case.found.operands[0].pattern] if case.found.operands else []
    return judging.worst([script_verdict(script) for script in scripts])


def script_verdict(script: str) -> judging.Verdict:
    """What one sed script does."""
    parts: list[judging.Verdict] = []
    position = 0
    if script == words.HOLE:
        return judging.unknown("its script is only known when it runs")
    while position < len(script):
        if script[position] in " \t\n;{}":
            position += 1
            continue
        match = ADDRESS.match(script, position)
        position = match.end() if match else position
        if position >= len(script):
            break
        verdict, position = _command(script, position)
        if verdict is not None:
            parts.append(verdict)
    return judging.worst(parts)


def _command(script: str, position: int) -> tuple[judging.Verdict | None, int]:
    """The verdict on the command at that place, and where the next begins."""
    letter = script[position]
    if letter in "{}":
        return None, position + 1
    if letter in PLAIN:
        match = re.compile(r"[ \t]*\d*").match(script, position + 1)
        return None, match.end() if match else position + 1
    if letter in TO_LINE_END:
        return None, _line_end(script, position, one_line=letter in "btTrR:v")
    if letter in "wW":
        end = _line_end(script, position, one_line=False)
        name = script[position + 1 : end].strip()
        return redirections.of_path(name), end
    if letter in "sy":
        return _substitution(script, position)
    if letter == "e":
        return judging.unknown("its script runs a command (e)"), len(script)
    return judging.unknown("its script cannot be read"), len(script)


def _line_end(script: str, position: int, *, one_line: bool) -> int:
    ends = [script.find("\n", position)]
    if one_line:
        ends.append(script.find(";", position))
    found = [end for end in ends if end >= 0]
    return min(found) if found else len(script)


def _substitution(script: str, position: int) -> tuple[judging.Verdict | None, int]:
    """`s/a/b/flags`: the flags `w` and `e` write and run."""
    if position + 1 >= len(script):
        return judging.unknown("its script cannot be read"), len(script)
    mark = script[position + 1]
    rest = position + 2
    for _ in range(2):
        rest = _closing(script, rest, mark)
        if rest < 0:
            return judging.unknown("its script cannot be read"), len(script)
    if script[position] == "y":
        return None, rest
    end = rest
    while end < len(script) and script[end] not in "\n;}":
        end += 1
    flags = script[rest:end]
    if words.HOLE in flags or "e" in flags.partition("w")[0]:
        return judging.unknown("its script may run a command (s///e)"), len(script)
    if "w" in flags:
        line = _line_end(script, rest, one_line=False)
        return redirections.of_path(script[rest:line].partition("w")[2].strip()), line
    return None, end


def _closing(script: str, position: int, mark: str) -> int:
    """The place behind the next mark that is neither escaped nor in brackets."""
    while position < len(script):
        if script[position] == "\\":
            position += 2
            continue
        if script[position] == mark:
            return position + 1
        position += 1
    return -1
