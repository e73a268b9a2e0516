"""One command explained: what it does, part by part, and which knowledge entry says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from midwatch.commands import knowledge_base, model, reading


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One simple command of what was explained; `depth` counts what it runs inside."""

    command: str
    tool: str | None
    effect: model.Effect
    traits: tuple[model.Trait, ...]
    why: str
    target: str | None
    look_first: str | None
    undo: str | None
    depth: int


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    """What a command does as a whole, and why."""

    command: str
    effect: model.Effect
    traits: tuple[model.Trait, ...]
    parts: tuple[Part, ...]
    why: str


def explain(
    text: str,
    context: model.Context = model.EMPTY,
    knowledge: knowledge_base.KnowledgeBase | None = None,
) -> Explanation:
    """Explain one command, which may be a whole pipeline or script."""
    return explain_many([text], context, knowledge)[0]


def explain_many(
    texts: Sequence[str],
    context: model.Context = model.EMPTY,
    knowledge: knowledge_base.KnowledgeBase | None = None,
) -> list[Explanation]:
    """Explain many commands, in order."""
    return [_explanation(each) for each in reading.read_many(texts, context, knowledge)]


def _explanation(read: model.Reading) -> Explanation:
    statements = read.statements
    effect = model.worst(statement.effect for statement in statements)
    why = next((each.why for each in statements if each.effect is effect), "there is no command")
    if len(statements) > 1 and effect is model.Effect.READ:
        why = "all its commands only look"
    traits = frozenset[model.Trait]().union(*(each.traits for each in statements))
    return Explanation(
        command=read.text,
        effect=effect,
        traits=tuple(sorted(traits)),
        parts=tuple(
            part
            for statement in statements
            for command in statement.commands
            for part in _parts(command, 0)
        ),
        why=why,
    )


def _parts(command: model.Command, depth: int) -> Iterator[Part]:
    yield Part(
        command=command.text,
        tool=command.tool,
        effect=command.effect,
        traits=tuple(sorted(command.traits)),
        why=command.why,
        target=command.target,
        look_first=command.look_first,
        undo=command.undo,
        depth=depth,
    )
    for inner in command.inside:
        yield from _parts(inner, depth + 1)
