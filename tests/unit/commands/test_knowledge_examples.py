"""Every example in every knowledge file holds, every file is right by the schema."""

from __future__ import annotations

import dataclasses
import functools
import tomllib
from pathlib import Path

import pytest

from midwatch.commands import knowledge_base, knowledge_schema, model, reading

FILES = sorted(
    path for path in knowledge_base.BUILTIN.glob("*.toml") if path.name != "aliases.toml"
)
ALIASES = tomllib.loads((knowledge_base.BUILTIN / "aliases.toml").read_text(encoding="utf-8"))


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """One line of a file's examples, and what Midwatch says of its command."""

    line: str
    wanted: model.Effect
    traits: frozenset[model.Trait]
    read: model.Reading

    @property
    def difference(self) -> str:
        """What differs from what the line says; nothing when it holds."""
        effect = model.worst(statement.effect for statement in self.read.statements)
        traits = {trait for statement in self.read.statements for trait in statement.traits}
        if effect is self.wanted and self.traits <= traits:
            return ""
        whys = [statement.why for statement in self.read.statements]
        return f"{self.line}: is {effect} {sorted(traits)}: {whys}"


@functools.cache
def examples() -> dict[Path, list[Example]]:
    """All examples of all files, read at once: one process serves them all."""
    lines = [
        (path, line)
        for path in FILES
        for line in tomllib.loads(path.read_text(encoding="utf-8"))["examples"].splitlines()
        if line.strip()
    ]
    readings = reading.read_many([line.partition("|")[2].strip() for _, line in lines])
    found: dict[Path, list[Example]] = {path: [] for path in FILES}
    for (path, line), read in zip(lines, readings, strict=True):
        effect, *traits = line.partition("|")[0].split()
        wanted = frozenset(model.Trait(trait.removeprefix("+")) for trait in traits)
        found[path].append(Example(line, model.Effect(effect), wanted, read))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_of_a_knowledge_file_holds(path: Path) -> None:
    differences = [example.difference for example in examples()[path]]

    assert differences
    assert [difference for difference in differences if difference] == []


def test_every_knowledge_file_is_right_by_the_schema() -> None:
    mistakes = [each for path in FILES for each in knowledge_schema.mistakes_in_file(path)]

    assert [mistake.message for mistake in mistakes] == []


def test_the_list_of_aliases_agrees_with_the_files() -> None:
    written = {
        alias: path.stem
        for path in FILES
        for alias in tomllib.loads(path.read_text(encoding="utf-8")).get("aliases", ())
    }

    assert ALIASES["aliases"] == written


def test_no_alias_hides_a_tool_with_a_file_of_its_own() -> None:
    assert set(ALIASES["aliases"]) & {path.stem for path in FILES} == set()
