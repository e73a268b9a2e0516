"""Rows as a table that fits a terminal: aligned, long values cut, upright where it is too wide."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import cells
else:
    cells = lazy.module("rich.cells")

WIDTH = 80
NARROWEST = 6
"""Columns are not cut below this; with more of them, each row gets lines of its own."""
GAP = " │ "
NUMBERS = (int, float, decimal.Decimal)


def lines(names: Sequence[str], rows: Sequence[Sequence[Any]], width: int = WIDTH) -> Iterator[str]:
    """The table's lines."""
    if not names:
        return
    texts = [[text(value) for value in row] for row in rows]
    widths = _widths([text(name) for name in names], texts, width)
    if widths is None:
        yield from _upright(names, texts, width)
        return
    right = [_numbers(rows, column) for column in range(len(names))]
    yield _line([text(name) for name in names], widths, [False] * len(names))
    yield "─┼─".join("─" * each for each in widths)
    for row in texts:
        yield _line(row, widths, right)


def text(value: object) -> str:
    """One value on one line; nothing in it can move the terminal's cursor."""
    match value:
        case None:
            return "NULL"
        case bytes() | bytearray() | memoryview():
            return "\\x" + bytes(value).hex()
        case bool():
            return "true" if value else "false"
        case datetime.datetime():
            return value.isoformat(sep=" ")
        case _:
            return "".join(_plain(each) for each in str(value))


def _plain(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "replace").decode("ascii")


def _numbers(rows: Sequence[Sequence[Any]], column: int) -> bool:
    return all(isinstance(row[column], (*NUMBERS, type(None))) for row in rows)


def _widths(names: list[str], rows: list[list[str]], width: int) -> list[int] | None:
    """How wide each column is; None where they do not fit side by side."""
    widths = [
        max(cells.cell_len(row[column]) for row in [names, *rows]) for column in range(len(names))
    ]
    room = width - len(GAP) * (len(names) - 1)
    if room < NARROWEST * len(names):
        fits = sum(widths) <= room
        return widths if fits else None
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        others = sorted(widths, reverse=True)
        second = others[1] if len(others) > 1 else 0
        wanted = sum(widths) - room
        widths[widest] = max(widths[widest] - wanted, min(second, widths[widest] - 1), NARROWEST)
    return widths


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    fields = zip(row, widths, right, strict=True)
    return GAP.join(_field(value, wide, left=not number) for value, wide, number in fields).rstrip()


def _field(value: str, wide: int, *, left: bool) -> str:
    shown = cut(value, wide)
    space = " " * (wide - cells.cell_len(shown))
    return shown + space if left else space + shown


def cut(value: str, wide: int) -> str:
    """The value in that many columns, with a mark where something is left out."""
    if cells.cell_len(value) <= wide:
        return value
    return cells.set_cell_size(value, wide - 1).rstrip() + "…"


def _upright(names: Sequence[str], rows: list[list[str]], width: int) -> Iterator[str]:
    """Each row as lines of its own: a name and a value."""
    wide = min(max(cells.cell_len(text(name)) for name in names), width // 2)
    for number, row in enumerate(rows, start=1):
        yield f"── row {number} " + "─" * 20
        for name, value in zip(names, row, strict=True):
            room = width - wide - len(GAP)
            yield f"{_field(text(name), wide, left=True)}{GAP}{cut(value, room)}".rstrip()
