"""Tables as rows of named cells, and lists of `Key: value` the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy, shape
from midwatch.runbook import inline, passages, placing

COLUMNS = 2
KEY = lazy.pattern(
    r"(?P<key>[A-Za-z][\w /-]{1,30}?)\s*(?:\([^()]*\))?\s*:\s*(?P<value>\S.*)$", re.DOTALL
)


@shape.frozen
class Row:
    """One row: its line, and what it says under each heading, in lower case."""

    line: int
    cells: dict[str, str]

    def get(self, *names: str) -> str | None:
        """The cell under the first heading that has one of these words."""
        for name in names:
            for heading, text in self.cells.items():
                if re.search(rf"\b{name}", heading) and text:
                    return text
        return None


def rows(passage: passages.Passage) -> list[Row]:
    """The rows of a table below its heading."""
    if not passage.rows:
        return []
    names = [inline.plain(cell.text).lower() for cell in passage.rows[0]]
    found = []
    for row in passage.rows[1:]:
        cells = [inline.plain(cell.text) for cell in row]
        pairs = dict(zip(names, cells, strict=False))
        found.append(Row(row[0].line if row else passage.line, pairs))
    return found


def pairs(passage: passages.Passage) -> list[tuple[str, str]]:
    """The names and values of a table of two columns, its heading row included."""
    return [
        (inline.plain(row[0].text), inline.plain(row[1].text))
        for row in passage.rows
        if len(row) == COLUMNS
    ]


@shape.frozen
class Fields:
    """An item of a list with a list of keys and values inside it."""

    placed: placing.Placed
    values: dict[str, str]
    lines: dict[str, int]


def fields(placed: Sequence[placing.Placed]) -> Iterator[Fields]:
    """Every item that has keys and values inside it, in order."""
    heads: dict[passages.Item, placing.Placed] = {}
    found: dict[passages.Item, Fields] = {}
    for each in placed:
        passage = each.passage
        if not passage.head or passage.item is None:
            continue
        heads[passage.item] = each
        if len(passage.items) <= 1 or passage.items[-2] not in heads:
            continue
        match = KEY.match(inline.plain(passage.text))
        if match is None:
            continue
        parent = passage.items[-2]
        entry = found.setdefault(parent, Fields(heads[parent], {}, {}))
        entry.values[match.group("key").lower()] = match.group("value").strip()
        entry.lines[match.group("key").lower()] = passage.line
    yield from found.values()
