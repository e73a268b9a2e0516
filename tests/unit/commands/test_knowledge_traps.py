"""Lines that look like a read and are none are called what they are, tool by tool."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import TypeAlias

import pytest

from midwatch.commands import model, reading

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "commands" / "knowledge_traps.toml").read_text(
        encoding="utf-8"
    )
)
FEWEST = 300
Line: TypeAlias = tuple[str, model.Effect, model.Effect, str]
"""A command, what it should be, what it is called, and why."""


@functools.cache
def judged() -> dict[str, list[Line]]:
    """The lines of each tool, read all at once."""
    lines = [
        (tool, *line.split("|", 1))
        for tool, text in CASES.items()
        for line in text.splitlines()
        if line
    ]
    readings = reading.read_many([command.strip() for _, _, command in lines])
    found: dict[str, list[Line]] = {tool: [] for tool in CASES}
    for (tool, wanted, command), read in zip(lines, readings, strict=True):
        effect = model.worst(statement.effect for statement in read.statements)
        why = "; ".join(statement.why for statement in read.statements)
        found[tool].append((command.strip(), model.Effect(wanted.strip()), effect, why))
    return found


@pytest.mark.parametrize("tool", CASES)
def test_a_line_that_tricks_is_called_what_it_is(tool: str) -> None:
    differing = [
        f"{command}: is {effect}, not {wanted} ({why})"
        for command, wanted, effect, why in judged()[tool]
        if effect is not wanted
    ]

    assert differing == []


def test_there_are_many_tricks() -> None:
    assert sum(len(lines) for lines in judged().values()) >= FEWEST
