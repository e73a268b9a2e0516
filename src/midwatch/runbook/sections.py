"""The headings as a tree: each section with its own passages and the sections inside it."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator

from midwatch.runbook import anchors, inline, model, passages


@dataclasses.dataclass(slots=True, eq=False)
class Section:
    """A heading, what stands under it, and the sections inside it; the root has no heading."""

    title: str
    line: int
    level: int
    anchor: str
    parent: Section | None
    passages: list[passages.Passage] = dataclasses.field(default_factory=list)
    children: list[Section] = dataclasses.field(default_factory=list)
    end_line: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The titles above it and its own, outermost first."""
        titles = []
        section: Section | None = self
        while section is not None:
            if section.level:
                titles.append(section.title)
            section = section.parent
        return tuple(reversed(titles))

    def walk(self) -> Iterator[Section]:
        """It and every section inside it, in the document's order."""
        waiting = [self]
        while waiting:
            section = waiting.pop()
            yield section
            waiting.extend(reversed(section.children))


def tree(found: list[passages.Passage], path: str, front: dict[str, str], lines: int) -> Section:
    """The document as a tree of sections; its root bears the document's title."""
    given = anchors.Anchors()
    root = Section(_title(path, front), 1, 0, "", None, end_line=lines)
    current = root
    for passage in found:
        if passage.shape is passages.Shape.HEADING and not passage.items:
            current = _open(current, passage, given)
        else:
            current.passages.append(passage)
    tops = [section for section in root.children if section.level == 1]
    opening = bool(root.children) and not root.passages
    if tops and "<%" not in tops[0].title and (len(tops) == 1 or opening):
        root.title = tops[0].title
    root.anchor = anchors.slug(root.title)
    _close(root)
    return root


def headings(root: Section) -> tuple[model.Heading, ...]:
    """Every heading with its anchor."""
    return tuple(
        model.Heading(section.line, section.level, section.title, section.anchor)
        for section in root.walk()
        if section.level
    )


def _title(path: str, front: dict[str, str]) -> str:
    stem = pathlib.PurePosixPath(path.replace("\\", "/")).name.split(".")[0]
    return front.get("title") or stem or path


def _open(current: Section, passage: passages.Passage, given: anchors.Anchors) -> Section:
    parent = current
    while parent.parent is not None and parent.level >= passage.level:
        parent = parent.parent
    title = inline.plain(passage.text)
    section = Section(title, passage.line, passage.level, given.take(title), parent)
    parent.children.append(section)
    return section


def _close(root: Section) -> None:
    """Give each section the line before the next section that is not inside it."""
    for section in root.walk():
        following = [child.line - 1 for child in section.children[1:]]
        for child, end in zip(section.children, [*following, section.end_line], strict=False):
            child.end_line = end
