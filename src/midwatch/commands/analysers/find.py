"""`find`: what `-exec` runs on what it finds; `-delete` and `-fprint` stand in its table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.commands import judging, model, words
from midwatch.commands.analysers import protocol

RUNS = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
ASKS = frozenset({"-ok", "-okdir"})


def verdict(case: protocol.Case) -> judging.Verdict:
    """The worst of what it runs on what it finds."""
    parts: list[judging.Verdict] = []
    index = 1
    while index < len(case.arguments):
        pattern = case.arguments[index].pattern
        index += 1
        if pattern in RUNS:
            command = _command(case.arguments[index:])
            index += len(command)
            part = (
                case.judge.argv(command, None) if command else judging.unknown("-exec runs nothing")
            )
            asks = frozenset({model.Trait.INTERACTIVE} if pattern in ASKS else ())
            why = f"on what it finds, {part.why}"
            parts.append(dataclasses.replace(part, traits=part.traits | asks, why=why))
        elif pattern == "-delete":
            parts.append(judging.destroy("it deletes what it finds", judging.LOCAL))
        elif case.arguments[index - 1].many:
            parts.append(judging.unknown("some of its words are only known when it runs"))
    return judging.worst(parts) if parts else judging.read("it only lists what it finds")


def _run(case: protocol.Case, command: Sequence[words.Argument]) -> judging.Verdict:
    return case.judge.argv(command, None) if command else judging.unknown("-exec runs nothing")


def _command(arguments: Sequence[words.Argument]) -> list[words.Argument]:
    """The words up to `;` or `{} +`, with a hole for each `{}`."""
    command: list[words.Argument] = []
    for argument in arguments:
        if argument.pattern == ";" or (
            argument.pattern == "+" and command and command[-1].pattern == words.HOLE
        ):
            break
        pattern = argument.pattern.replace("{}", words.HOLE)
        command.append(dataclasses.replace(argument, pattern=pattern))
    return command
