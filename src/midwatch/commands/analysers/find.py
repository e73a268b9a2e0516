"""`find`: what `-exec` runs on what it finds; `-delete` and `-fprint` stand in its table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.commands import given, judging, model, words

RUNS = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
ASKS = frozenset({"-ok", "-okdir"})


def verdict(
    found: given.Given,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> judging.Verdict:
    """The worst of what it runs on what it finds."""
    parts: list[judging.Verdict] = []
    index = 1
    while index < len(arguments):
        pattern = arguments[index].pattern
        index += 1
        if pattern in RUNS:
            command = _command(arguments[index:])
            index += len(command)
            part = judge.argv(command, None) if command else judging.unknown("-exec runs nothing")
            asks = frozenset({model.Trait.INTERACTIVE} if pattern in ASKS else ())
            why = f"on what it finds, {part.why}"
            parts.append(dataclasses.replace(part, traits=part.traits | asks, why=why))
        elif pattern == "-delete":
            parts.append(judging.destroy("it deletes what it finds", judging.LOCAL))
        elif arguments[index - 1].many:
            parts.append(judging.unknown("some of its words are only known when it runs"))
    return judging.worst(parts) if parts else judging.read("it only lists what it finds")


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
