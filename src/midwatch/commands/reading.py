"""Shell text read whole: statements, their commands with effects, variables, comments, holes."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeAlias

from midwatch.base import shape
from midwatch.commands import (
    effects,
    judging,
    knowledge_base,
    lately,
    library,
    masking,
    model,
    overwriting,
    revealing,
    shell,
    syntax,
    variables,
)

MOST_ROUNDS = 6
"""Shell within shell within shell: each level may need another round of parsing."""


_Asked: TypeAlias = tuple[knowledge_base.KnowledgeBase, Hashable, str]
"""What was known of tools, what the document says around it, and the text."""


@shape.frozen
class _Text:
    """One text on its way: as given, masked and parsed."""

    text: str
    masked: masking.Masked
    parsed: syntax.Parsed


def read(
    text: str,
    context: model.Context = model.EMPTY,
    knowledge: knowledge_base.KnowledgeBase | None = None,
) -> model.Reading:
    """Read one piece of shell text; any text gives a reading."""
    return read_many([text], context, knowledge)[0]


def prepare(texts: Iterable[str]) -> None:
    """Parse texts that will be read in several calls, all in one process."""
    shell.parse_many([masking.mask(text).text for text in texts])


def read_many(
    texts: Sequence[str],
    context: model.Context = model.EMPTY,
    knowledge: knowledge_base.KnowledgeBase | None = None,
) -> list[model.Reading]:
    """Read many pieces of shell text, with as few processes as can be."""
    base = knowledge or knowledge_base.KnowledgeBase.builtin()
    around = base, context.key()
    known = {text: _lately().find((*around, text)) for text in dict.fromkeys(texts)}
    new = [text for text, found in known.items() if found is None]
    world = effects.World(base, context, library.Library())
    for text, reading in zip(new, judge_many(_parsed(new), world), strict=True):
        known[text] = reading
        _lately().keep((*around, text), reading, text)
    return [found for text in texts if (found := known[text]) is not None]


def _parsed(texts: Sequence[str]) -> list[_Text]:
    masked = [masking.mask(text) for text in texts]
    parsed = shell.parse_many([each.text for each in masked])
    return [_Text(*each) for each in zip(texts, masked, parsed, strict=True)]


@functools.cache
def _lately() -> lately.Lately[_Asked, model.Reading]:
    return lately.Lately()


def judge_many(texts: Sequence[_Text], world: effects.World) -> list[model.Reading]:
    """Judge parsed texts; shell inside them is parsed for all of them at once, level by level."""
    shelf = world.library
    readings: dict[int, model.Reading] = {}
    pending = list(range(len(texts)))
    for _ in range(MOST_ROUNDS):
        shelf.collecting = True
        waiting: list[int] = []
        for index in pending:
            before = shelf.wanted
            readings[index] = _reading(texts[index], world)
            if shelf.wanted != before:
                waiting.append(index)
        shelf.collecting = False
        if not waiting:
            break
        shelf.fetch()
        pending = waiting
    else:
        for index in pending:
            readings[index] = _reading(texts[index], world)
    return [readings[index] for index in range(len(texts))]


def _reading(text: _Text, world: effects.World) -> model.Reading:
    try:
        statements = _statements(text, world)
    except RecursionError:
        statements = _too_deep(text)
    return model.Reading(
        text=text.text,
        statements=statements,
        comments=text.parsed.comments,
        placeholders=text.masked.placeholders,
        problem=text.parsed.problem,
    )


def _too_deep(text: _Text) -> tuple[model.Statement, ...]:
    why = "it is nested too deeply to be judged"
    span = model.Span(0, len(text.text))
    none = frozenset[model.Trait]()
    return (model.Statement(text.text, span, (), model.Effect.UNKNOWN, none, why),)


def _statements(text: _Text, world: effects.World) -> tuple[model.Statement, ...]:
    uses = [variables.uses(statement) for statement in text.parsed.statements]
    names = effects.names_of(uses, text.parsed, world.context)
    found: list[model.Statement] = []
    for statement, use in zip(text.parsed.statements, uses, strict=True):
        judge = effects.Judge(world, text.text, names)
        verdict = judge.statement(statement, None)
        found.append(_statement(text.text, statement, use, judge, verdict))
    return tuple(found)


def _statement(
    source: str,
    statement: syntax.Statement,
    use: variables.Uses,
    judge: effects.Judge,
    verdict: judging.Verdict,
) -> model.Statement:
    span = statement.span
    commands = sorted(judge.commands, key=lambda each: (each.span.start, -each.span.end))
    commands = overwriting.kept(source, statement, commands)
    revealed = revealing.of(statement, commands)
    return model.Statement(
        text=source[span.start : span.end],
        span=span,
        commands=tuple(commands),
        effect=verdict.effect,
        traits=judging.settled(verdict.effect, verdict.traits),
        why=verdict.why,
        sets=frozenset(use.sets),
        uses=frozenset(use.needs),
        defines=frozenset(use.defines),
        captures=revealed.captures,
        reveals=revealed.shown,
    )
