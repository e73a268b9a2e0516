"""The scripts a document defines, and what calling them does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from midwatch.commands import model as commands
from midwatch.runbook import blocks, model

FIRST = 3
"""A script is named by one of the first words: `sudo bash deploy.sh`."""


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
    named = [step for step in steps if step.kind is model.Kind.SCRIPT and step.file_name]
    if not named:
        return ()
    calls = _calls(steps)
    found = []
    for step in named:
        name = _base(step.file_name or "")
        own = range(step.line, step.end_line + 1)
        lines = tuple(line for line in calls.get(name, ()) if line not in own)
        found.append(
            model.Script(
                step.file_name or "", step.line, step.text, step.effect, step.traits, lines
            )
        )
    return tuple(found)


def _calls(steps: Sequence[model.Step]) -> dict[str, list[int]]:
    """The lines of the commands that begin with each file name, behind `bash` and `sudo`."""
    lines: dict[str, list[int]] = {}
    for step in steps:
        for located in step.commands:
            for word in located.command.words[:FIRST]:
                lines.setdefault(_base(word.text.strip("\"'")), []).append(located.line)
    return lines


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]
