"""What an element claims to be stands where the element says, in the file as it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from midwatch.runbook import markdown, model, reading, source

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))
OWN = sorted((ROOT / "tests/cases/runbook/shapes").glob("*.md"))
PUBLIC = sorted(path for path in (SHARED / "corpora").rglob("*") if path.suffix in {".md", ".erb"})


def misplaced(runbook: model.Runbook, lines: tuple[str, ...]) -> Iterator[str]:
    for procedure in runbook.procedures:
        for step in procedure.steps:
            for located in step.commands:
                first = located.command.text.split("\n")[0].rstrip()
                if not lines[located.line - 1][located.column - 1 :].startswith(first):
                    yield f"{runbook.path}:{located.line}:{located.column} {first}"
            words = step.text.split("\n")[0].strip()
            if words not in lines[step.line - 1]:
                yield f"{runbook.path}:{step.line} {words}"
            for slot in step.slots:
                given = next(each for each in step.inputs if each.name == slot.input)
                if not step.text[slot.start : slot.end]:
                    yield f"{runbook.path}:{step.line} slot of {given.name}"
            for each in step.inputs:
                if each.text.split("\n")[0].rstrip("}") not in lines[each.line - 1]:
                    yield f"{runbook.path}:{each.line} input {each.text}"
    for heading in runbook.headings:
        if not lines[heading.line - 1].strip():
            yield f"{runbook.path}:{heading.line} heading {heading.title}"
    for block in runbook.blocks:
        first = block.text.split("\n")[0].strip()
        if first not in lines[block.line - 1] and first not in lines[block.line]:
            yield f"{runbook.path}:{block.line} block {first}"
    for contact in runbook.contacts:
        if contact.role.split()[0].strip("*") not in lines[contact.line - 1]:
            yield f"{runbook.path}:{contact.line} contact {contact.role}"


def passages_misplaced(path: Path) -> Iterator[str]:
    document = source.read(path.name, path.read_bytes())
    for passage in markdown.read(document)[0]:
        for excerpt in (passage.excerpt, *(cell for row in passage.rows for cell in row)):
            for text, origin in zip(excerpt.lines(), excerpt.origins, strict=True):
                if not document.line(origin.line)[origin.column - 1 :].startswith(text.rstrip()):
                    yield f"{path}:{origin.line}:{origin.column} {text}"


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_elements_stand_where_they_say(path: Path) -> None:
    data = path.read_bytes()
    lines = source.read(path.name, data).lines
    assert list(misplaced(reading.read(path.name, data), lines)) == []
    assert list(passages_misplaced(path)) == []


@pytest.mark.skipif(not PUBLIC, reason="absent: ../shared/corpora")
def test_elements_of_every_public_runbook_stand_where_they_say() -> None:
    files = [(str(path), path.read_bytes()) for path in PUBLIC]
    wrong = [
        place
        for (name, data), runbook in zip(files, reading.read_many(files), strict=True)
        for place in misplaced(runbook, source.read(name, data).lines)
    ]
    assert wrong == []
    assert [place for path in PUBLIC for place in passages_misplaced(path)] == []
