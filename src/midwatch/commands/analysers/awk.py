"""`awk`: a program may write files, run commands, or open pipes."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import judging, redirections, words
from midwatch.commands.analysers import protocol

SOURCES = ("-e", "--source")
STRING = lazy.pattern(r"\"((?:[^\"\\]|\\.)*)\"")
COMMENT = lazy.pattern(r"#[^\n]*")
REGEX = lazy.pattern(r"(?<=[(,~!&|{;\n])\s*/(?:[^/\\\n]|\\.)*/|^\s*/(?:[^/\\\n]|\\.)*/")
RUNS = lazy.pattern(r"\bsystem\s*\(|\|&?\s*getline|\|&|@load|@include|@\w+\s*\(|\bextension\s*\(")
OUTPUT = lazy.pattern(r"\b(?:print|printf)\b[^;}\n]*?(>>?|\|)\s*([^;}\n]*)")
TO_TERMINAL = lazy.pattern(r"\"/dev/(?:stdout|stderr|tty|null)\"\s*")
SAFE_PIPES = lazy.pattern(
    r"\"(?:sort|cat|uniq|wc|column)(?: -[a-zA-Z0-9,.]+)*(?: 1?>&2)?\"\s*\)?\s*"
)
PARENTHESES = lazy.pattern(r"\([^()]*\)")


def verdict(case: protocol.Case) -> judging.Verdict:
    """What the program does; what cannot be read is unknown."""
    programs = [flag.value or "" for flag in case.found.flags if flag.name in SOURCES]
    if not programs and not case.found.has("-f", "--file", "-E", "--exec"):
        programs = [case.found.operands[0].pattern] if case.found.operands else []
    return judging.worst([program_verdict(program) for program in programs])


def program_verdict(program: str) -> judging.Verdict:
    """What one awk program does."""
    if words.HOLE in _code(program):
        return judging.unknown("its program is only known when it runs")
    code = REGEX.sub("/x/", _code(program))
    if RUNS.search(code):
        return judging.unknown("its program runs commands")
    kept = COMMENT.sub("", program)
    parts = [_output(match, kept) for match in OUTPUT.finditer(_flattened(code))]
    if not parts:
        return judging.read("its program only prints")
    return judging.worst(parts)


def _code(program: str) -> str:
    """The program with numbered strings, so that none of their characters mislead."""
    return COMMENT.sub("", STRING.sub('""', program))


def _flattened(code: str) -> str:
    before = None
    while before != code:
        before, code = code, PARENTHESES.sub(" ", code)
    return code


def _output(match: re.Match[str], program: str) -> judging.Verdict:
    """A redirection or pipe of a print: its target is looked up in the program itself."""
    targets = re.findall(re.escape(match[1]) + r"\s*(\"(?:[^\"\\]|\\.)*\"|[^;}\n]*)", program)
    if match[1] == "|":
        safe = targets and all(SAFE_PIPES.fullmatch(each) for each in targets)
        return judging.READS if safe else judging.unknown("its program pipes into a command")
    if targets and all(TO_TERMINAL.fullmatch(each) for each in targets):
        return judging.READS
    found = [redirections.of_path(each.strip('" ')) for each in targets]
    return (
        judging.worst([part for part in found if part])
        if found
        else judging.change("its program writes a file", judging.LOCAL)
    )
