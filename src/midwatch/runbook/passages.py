"""The document in reading order: headings, paragraphs, blocks and tables, each in its lists."""

from __future__ import annotations

import dataclasses
import enum

from midwatch.runbook import excerpts


class Shape(enum.Enum):
    """What a passage is in Markdown's terms."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BLOCK = "block"
    TABLE = "table"
    HTML = "html"
    LINE = "line"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One item of a list; passages name the items that they stand in, outermost first."""

    line: int
    number: int | None
    """The number of an ordered item."""
    depth: int
    list_line: int
    """The line on which its list begins: items of one list share it."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One paragraph, heading, block, table or piece of HTML."""

    shape: Shape
    excerpt: excerpts.Excerpt
    line: int
    end_line: int
    items: tuple[Item, ...] = ()
    quoted: bool = False
    level: int = 0
    """Of a heading, 1 to 6."""
    info: str = ""
    """What follows the fence of a block."""
    fenced: bool = False
    head: bool = False
    """Whether it is the first paragraph of its innermost item."""
    task: bool = False
    """Whether that item is one to tick (`- [ ]`)."""
    rows: tuple[tuple[excerpts.Excerpt, ...], ...] = ()
    """The cells of a table; the first row is its heading."""

    @property
    def text(self) -> str:
        """Its text as the document has it, marks and all."""
        return self.excerpt.text

    @property
    def item(self) -> Item | None:
        """The innermost item it stands in."""
        return self.items[-1] if self.items else None
