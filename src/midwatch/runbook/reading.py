"""Markdown files into runbooks: any bytes make one, and nothing ever fails."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from midwatch.commands import knowledge_base
from midwatch.commands import model as commands
from midwatch.commands import reading as shell
from midwatch.runbook import (
    attaching,
    blocks,
    composing,
    excerpts,
    facts,
    frontmatter,
    inputs,
    markdown,
    model,
    passages,
    placing,
    procedures,
    prose,
    scripts,
    sections,
)
from midwatch.runbook import source as sources


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Parsed:
    """A document before its commands are read."""

    source: sources.Source
    front: dict[str, str]
    passages: list[passages.Passage]
    root: sections.Section
    blocks: dict[int, blocks.Prepared]
    composed: list[composing.Composed]
    told: list[list[prose.Told]]

    def scripts(self) -> list[excerpts.Excerpt]:
        """The shell text of every script it defines."""
        found = self.blocks.values()
        return [block.typed for block in found if block.is_shell and block.role == "script"]

    def typed(self) -> list[excerpts.Excerpt]:
        """All other shell text in it."""
        found = self.blocks.values()
        typed = [block.typed for block in found if block.is_shell and block.role == "steps"]
        typed.extend(each for block in found for each in block.commented.values())
        for told in self.told:
            steps = (step for each in told for step in each.steps)
            typed.extend(step.excerpt for step in steps if isinstance(step, prose.Command))
        return typed


Knowledge: TypeAlias = knowledge_base.KnowledgeBase | None
"""What is known of tools; None is what Midwatch itself knows."""


def read(path: str, data: bytes, knowledge: Knowledge = None) -> model.Runbook:
    """The runbook in those bytes."""
    return read_many([(path, data)], knowledge)[0]


def read_many(
    files: Iterable[tuple[str, bytes]], knowledge: Knowledge = None
) -> list[model.Runbook]:
    """The runbooks in many files, with as few shell parser processes as can be."""
    parsed = [_parse(path, data) for path, data in files]
    shell.prepare(each.text for one in parsed for each in (*one.scripts(), *one.typed()))
    nothing = [commands.EMPTY for _ in parsed]
    defined = _shell([each.scripts() for each in parsed], nothing, knowledge)
    contexts = [scripts.context(each.blocks.values(), defined) for each in parsed]
    typed = _shell([each.typed() for each in parsed], contexts, knowledge)
    read_texts = {**defined, **typed}
    return [_finish(each, read_texts) for each in parsed]


def _shell(
    texts: Sequence[Sequence[excerpts.Excerpt]],
    contexts: Sequence[commands.Context],
    knowledge: Knowledge,
) -> dict[int, commands.Reading]:
    """What the shell reader makes of the excerpts; documents without scripts share a call."""
    found: dict[int, commands.Reading] = {}
    shared: list[excerpts.Excerpt] = []
    for wanted, context in zip(texts, contexts, strict=True):
        if context is commands.EMPTY:
            shared.extend(wanted)
        elif wanted:
            found.update(_read(wanted, context, knowledge))
    found.update(_read(shared, commands.EMPTY, knowledge))
    return found


def _read(
    wanted: Sequence[excerpts.Excerpt], context: commands.Context, knowledge: Knowledge
) -> Mapping[int, commands.Reading]:
    readings = shell.read_many([each.text for each in wanted], context, knowledge)
    return {id(each): reading for each, reading in zip(wanted, readings, strict=True)}


def _parse(path: str, data: bytes) -> _Parsed:
    source = sources.read(path, data)
    written, metadata = markdown.read(source)
    found = attaching.attach(written)
    front = frontmatter.read(metadata)
    root = sections.tree(found, path, front, len(source.lines))
    known = {
        id(passage): blocks.prepare(passage)
        for passage in found
        if passage.shape is passages.Shape.BLOCK
    }
    composed = [
        composing.Composed(outline, placing.place(outline.parts))
        for outline in procedures.outline(root)
    ]
    live = {key for key, block in known.items() if block.role not in {"output", "example"}}
    told = [
        [prose.read(each.placed, index, live) for index in range(len(each.placed))]
        for each in composed
    ]
    return _Parsed(source, front, found, root, known, composed, told)


def _finish(parsed: _Parsed, read_texts: Mapping[int, commands.Reading]) -> model.Runbook:
    for composed, told in zip(parsed.composed, parsed.told, strict=True):
        composed.compose(told, parsed.blocks, read_texts)
    inputs.attach([step for composed in parsed.composed for step in composed.steps])
    found = tuple(
        composed.procedure(_end(composed)) for composed in parsed.composed if composed.steps
    )
    owners = {
        placed.passage.line: (composed.outline.section.anchor, composed.roles)
        for composed in parsed.composed
        for placed in composed.placed
        if placed.passage.shape is passages.Shape.BLOCK
    }
    steps = [step for procedure in found for step in procedure.steps]
    base = model.Runbook(
        path=parsed.source.path,
        title=parsed.root.title,
        digest=parsed.source.digest,
        procedures=found,
        inputs=inputs.together(steps),
        scripts=scripts.defined(steps),
        blocks=tuple(_block(block, owners) for block in parsed.blocks.values()),
        headings=sections.headings(parsed.root),
        front_matter=tuple(parsed.front.items()),
        notes=tuple(note for composed in parsed.composed for note in composed.notes),
    )
    return facts.add(base, parsed.source, parsed.passages, parsed.composed)


def _end(composed: composing.Composed) -> int:
    section = composed.outline.section
    parts = composed.placed[-1].passage.end_line if composed.placed else section.line
    inner = [child.line - 1 for child in section.children]
    last = min(inner, default=section.end_line)
    return max(parts, min(last, section.end_line) if section.level else parts)


def _block(block: blocks.Prepared, owners: Mapping[int, tuple[str, dict[int, str]]]) -> model.Block:
    passage = block.passage
    owner, roles = owners.get(passage.line, ("", {}))
    return model.Block(
        line=passage.line,
        end_line=passage.end_line,
        tag=block.tag,
        language=block.language,
        text=passage.text,
        role=roles.get(passage.line, block.role),
        procedure=owner or None,
    )
