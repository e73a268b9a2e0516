"""The examples of a knowledge file, held against what the engine makes of them."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path

from midwatch.commands import explaining, knowledge_base, model


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """One line of `examples`: a command, the effect it must have, traits that must be among its."""

    command: str
    effect: model.Effect
    traits: frozenset[model.Trait]


def examples(text: str) -> Iterator[Example]:
    """The examples in the text of that key; lines that do not read like one are left out."""
    for line in text.splitlines():
        head, _, command = line.partition("|")
        words = head.split()
        if words and command.strip():
            traits = (model.Trait(word.removeprefix("+")) for word in words[1:])
            yield Example(command.strip(), model.Effect(words[0]), frozenset(traits))


def failures(path: Path, knowledge: knowledge_base.KnowledgeBase) -> list[str]:
    """A sentence for each example of a valid file that comes out otherwise."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    wanted = list(examples(table.get("examples", "")))
    told = explaining.explain_many([each.command for each in wanted], knowledge=knowledge)
    return [
        f"{path}: `{example.command}` should be {_shown(example.effect, example.traits)}, "
        f"and is {_shown(found.effect, frozenset(found.traits))} ({found.why})"
        for example, found in zip(wanted, told, strict=True)
        if found.effect is not example.effect or not example.traits <= frozenset(found.traits)
    ]


def _shown(effect: model.Effect, traits: frozenset[model.Trait]) -> str:
    return " ".join([effect.value, *(f"+{trait.value}" for trait in sorted(traits))])
