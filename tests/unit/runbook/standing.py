"""Finds what does not stand where an element of a runbook says it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from midwatch.runbook import markdown, model, source


def misplaced(runbook: model.Runbook, lines: tuple[str, ...]) -> Iterator[str]:
    """Each claim that is not true, as `file:line text`."""
    for line, column, text in claims(runbook):
        if text not in lines[line - 1][column - 1 :]:
            yield f"{runbook.path}:{line}:{column} {text}"
    for procedure in runbook.procedures:
        for step in procedure.steps:
            yield from command_misplaced(runbook.path, step, lines)
    for block in runbook.blocks:
        first = block.text.split("\n")[0].strip()
        if first not in lines[block.line - 1] and first not in lines[block.line]:
            yield f"{runbook.path}:{block.line} block {first}"


def claims(runbook: model.Runbook) -> Iterator[tuple[int, int, str]]:
    """Line, column from which on, and what should stand there."""
    for procedure in runbook.procedures:
        for step in procedure.steps:
            yield step.line, 1, step.text.split("\n")[0].strip()
            for each in step.inputs:
                yield each.line, 1, each.text.split("\n")[0].rstrip("}")
    for heading in runbook.headings:
        yield heading.line, 1, heading.title.split(" ")[0].strip("`*")
    for contact in runbook.contacts:
        yield contact.line, 1, contact.role.split()[0].strip("*")


def command_misplaced(path: str, step: model.Step, lines: tuple[str, ...]) -> Iterator[str]:
    for located in step.commands:
        first = located.command.text.split("\n")[0].rstrip()
        if not lines[located.line - 1][located.column - 1 :].startswith(first):
            yield f"{path}:{located.line}:{located.column} {first}"
    for slot in step.slots:
        if not step.text[slot.start : slot.end]:
            yield f"{path}:{step.line} slot of {slot.input}"


def passages_misplaced(path: Path) -> Iterator[str]:
    document = source.read(path.name, path.read_bytes())
    for passage in markdown.read(document)[0]:
        for excerpt in (passage.excerpt, *(cell for row in passage.rows for cell in row)):
            for text, origin in zip(excerpt.lines(), excerpt.origins, strict=True):
                if not document.line(origin.line)[origin.column - 1 :].startswith(text.rstrip()):
                    yield f"{path}:{origin.line}:{origin.column} {text}"
