"""Shells: what `sh -c` is given, the script a document defines, or what comes through a pipe."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.commands import judging, masking, model, words
from midwatch.commands.analysers import protocol

TAKES_ONE = frozenset({"-o", "+o", "-O", "+O"})
LOADS = frozenset({"--rcfile", "--init-file"})
SHOWS = frozenset({"--version", "--help", "--dump-strings", "--dump-po-strings", "-D"})


def verdict(case: protocol.Case) -> judging.Verdict:
    """What the shell runs; without anything to run it is a console."""
    flags, rest = _split(case.arguments[1:])
    letters = "".join(flag[1:] for flag in flags if not flag.startswith("--"))
    if SHOWS & set(flags):
        return judging.read("it only shows something")
    if LOADS & {flag.partition("=")[0] for flag in flags}:
        return judging.unknown("it loads a file that cannot be seen here")
    if any(words.HOLE in flag for flag in flags) or (rest and rest[0].many):
        return judging.unknown("what it runs is only known when it runs")
    if "c" in letters:
        return _text(case, rest)
    if rest and "s" not in letters:
        if "n" in letters:
            return judging.read("it only checks the syntax (-n)")
        return case.judge.script(rest[0])
    return _given(case)


def _split(
    arguments: Sequence[words.Argument],
) -> tuple[list[str], Sequence[words.Argument]]:
    """The shell's own flags, and the words behind them."""
    flags: list[str] = []
    index = 0
    while index < len(arguments):
        pattern = arguments[index].pattern
        if pattern in {"--", "-"}:
            return flags, arguments[index + 1 :]
        if pattern[:1] not in {"-", "+"}:
            break
        flags.append(pattern)
        takes_one = pattern in TAKES_ONE or pattern in LOADS
        if not pattern.startswith("--") and pattern[-1] in "oO":
            takes_one = True
        index += 2 if takes_one else 1
    return flags, arguments[index:]


def _text(case: protocol.Case, rest: Sequence[words.Argument]) -> judging.Verdict:
    if not rest:
        return judging.unknown("-c is given nothing to run")
    text = rest[0].pattern
    if rest[0].many or not text.strip(words.HOLE):
        return judging.unknown("what it runs is only known when it runs")
    return case.judge.shell(text.replace(words.HOLE, masking.MASK), rest[0].span, case.supply)


def _given(case: protocol.Case) -> judging.Verdict:
    if case.supply is None:
        return judging.unknown("it opens a shell", model.Trait.INTERACTIVE)
    if case.supply.text is None:
        return judging.unknown("it runs what it is given to read, and that is not known here")
    span = case.arguments[0].span
    return case.judge.shell(case.supply.text.replace(words.HOLE, masking.MASK), span, None)
