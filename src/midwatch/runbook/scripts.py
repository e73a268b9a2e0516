"""The scripts a document defines, and what calling them does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from midwatch.commands import model as commands
from midwatch.runbook import blocks, model

LITERAL = re.compile(r"[\w./@:-]*$")


def context(
    known: Iterable[blocks.Prepared], read: Mapping[int, commands.Reading]
) -> commands.Context:
    """What a document's scripts do, by file name, for those who judge its other commands."""
    found = {}
    for block in known:
        reading = read.get(id(block.typed))
        if reading is None or block.role != "script" or block.file_name is None:
            continue
        effect = commands.worst(each.effect for each in reading.statements)
        if reading.problem is not None:
            effect = commands.worst([effect, commands.Effect.UNKNOWN])
        traits = frozenset[commands.Trait]().union(*(each.traits for each in reading.statements))
        why = f"the script on line {block.passage.line} does that at worst"
        found[block.file_name.rsplit("/", 1)[-1]] = commands.Judgement(effect, why, traits)
    return commands.Context(scripts=found) if found else commands.EMPTY


def defined(steps: Sequence[model.Step]) -> tuple[model.Script, ...]:
    """Every script the steps define, with the lines that call it."""
    found = []
    for step in steps:
        if step.kind is not model.Kind.SCRIPT or step.file_name is None:
            continue
        name = step.file_name.rsplit("/", 1)[-1]
        found.append(
            model.Script(
                step.file_name, step.line, step.text, step.effect, step.traits, _calls(steps, name)
            )
        )
    return tuple(found)


def _calls(steps: Sequence[model.Step], name: str) -> tuple[int, ...]:
    """The lines of the commands that run a script of that name."""
    lines = []
    for step in steps:
        if step.file_name is not None and step.file_name.rsplit("/", 1)[-1] == name:
            continue
        for located in step.commands:
            words = located.command.words[:3]
            if any(word.text.strip("\"'").rsplit("/", 1)[-1] == name for word in words):
                lines.append(located.line)
    return tuple(lines)
