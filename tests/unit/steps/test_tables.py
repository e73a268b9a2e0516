"""Tables that fit a terminal, whatever is in them."""

from __future__ import annotations

import decimal

import hypothesis
from hypothesis import strategies
from rich import cells

from midwatch.plugs.steps import sparkline, tables


def test_numbers_stand_right_and_text_left() -> None:
    shown = list(tables.lines(("id", "name"), [(1, "anna"), (20, "bo"), (None, None)]))

    assert shown == [
        "id   │ name",
        "─────┼─────",
        "   1 │ anna",
        "  20 │ bo",
        "NULL │ NULL",
    ]


def test_a_long_value_is_cut_with_a_mark() -> None:
    shown = list(tables.lines(("id", "text"), [(1, "x" * 200)]))

    assert cells.cell_len(shown[2]) == 80
    assert shown[2].endswith("xx…")


def test_many_columns_stand_one_below_the_other() -> None:
    names = [f"column_{number}" for number in range(12)]

    shown = list(tables.lines(names, [list(range(12))]))

    assert shown[0] == "── row 1 ────────────────────"
    assert shown[1] == "column_0  │ 0"
    assert len(shown) == 13


def test_a_value_cannot_move_the_cursor() -> None:
    assert tables.text("a\x1b[2Jb\nc") == "a\\x1b[2Jb\\nc"
    assert tables.text(b"\x00\xff") == "\\x00ff"
    assert tables.text(decimal.Decimal("1.50")) == "1.50"


@hypothesis.given(
    strategies.lists(
        strategies.tuples(strategies.text(), strategies.text(), strategies.integers()), max_size=5
    )
)
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[str, str, int]]) -> None:
    for line in tables.lines(("first", "second", "third"), rows):
        assert cells.cell_len(line) <= 80
        assert line.isprintable()


def test_bars_show_the_way_of_numbers() -> None:
    assert sparkline.of([1, 2, 3, 4, 5, 6, 7, 8], 20) == "▁▂▃▄▅▆▇█"
    assert sparkline.of([5, 5, 5], 20) == "▄▄▄"
    assert sparkline.of([0, 0], 20) == "▁▁"
    assert sparkline.of([1, float("nan"), 2], 20) == "▁ █"
    assert sparkline.of([], 20) == ""


def test_a_peak_is_not_lost_between_bars() -> None:
    assert "█" in sparkline.of([0] * 500 + [100] + [0] * 500, 20)
