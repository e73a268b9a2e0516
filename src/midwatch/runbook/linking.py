"""The links of a document, with the definitions that stand elsewhere in it."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.runbook import inline, model, passages
from midwatch.runbook import source as sources

SHORT = lazy.pattern(r"(?<![!\]\\])\[(?P<name>[^\[\]\n]{1,200})\](?![\[(:])")


def find(source: sources.Source, found: Sequence[passages.Passage]) -> tuple[model.Link, ...]:
    """Every link that leads somewhere, in order."""
    defined = _definitions(source, found)
    links: list[model.Link] = []
    for passage in found:
        if passage.shape is passages.Shape.BLOCK:
            continue
        cells = [cell for row in passage.rows for cell in row] or [passage.excerpt]
        for cell in cells:
            for link in inline.links(cell.text):
                href = link.href or defined.get(link.name, "")
                if href:
                    links.append(model.Link(cell.place(link.start).line, link.text, href))
            if defined and "[" in cell.text:
                for match in SHORT.finditer(inline.blank(cell.text)):
                    name = match.group("name")
                    if name.casefold() in defined:
                        line = cell.place(match.start()).line
                        links.append(model.Link(line, name, defined[name.casefold()]))
    return tuple(links)


def _definitions(source: sources.Source, found: Sequence[passages.Passage]) -> dict[str, str]:
    """The addresses that are given by name at the end of a document."""
    fenced = set[int]()
    for passage in found:
        if passage.shape is passages.Shape.BLOCK:
            fenced.update(range(passage.line, passage.end_line + 1))
    defined: dict[str, str] = {}
    for number, line in enumerate(source.lines, 1):
        match = inline.DEFINITION.match(line) if "]:" in line and number not in fenced else None
        if match:
            defined.setdefault(match.group(1).casefold(), match.group(2))
    return defined
