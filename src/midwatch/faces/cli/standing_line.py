"""The line under what a step prints: how far the run is, for how long, and which keys there are."""

from __future__ import annotations

from collections.abc import Iterator

from rich import text

from midwatch.base import shape
from midwatch.faces.cli import live_output

WIDTH = 20
NARROW = 60
FULL, EMPTY = "█", "░"
HOUR, MINUTE = 3600, 60
LATE = 0.8
"""Of the recovery target: from here on the time is worth a colour."""


@shape.frozen
class Standing:
    """Where a run stands right now."""

    number: int
    total: int
    step_seconds: float | None
    """None between two steps."""
    run_seconds: float
    target_seconds: float | None = None
    leaving: str = "stop"
    """What Ctrl-C does."""


def line(standing: Standing, held: live_output.Held | None, columns: int) -> text.Text:
    """What fits into so many columns; what matters least goes first."""
    pieces = list(_pieces(standing, held, columns))
    while len(pieces) > 1 and sum(piece.cell_len for piece in pieces) >= columns:
        pieces.pop(-2)
    whole = text.Text.assemble(*pieces)
    whole.truncate(max(columns - 1, 0))
    return whole


def _pieces(standing: Standing, held: live_output.Held | None, columns: int) -> Iterator[text.Text]:
    yield text.Text(f"  {standing.number}/{standing.total}", style="bold")
    if columns >= NARROW:
        done = round((standing.number - 1) / max(standing.total, 1) * WIDTH)
        yield text.Text(f" {FULL * done}{EMPTY * (WIDTH - done)}", style="cyan")
    yield _run(standing)
    since = standing.step_seconds
    yield text.Text("  no step runs" if since is None else f"  step {duration(since)}", style="dim")
    if held is None:
        yield text.Text(f"  space: hold  ^C: {standing.leaving}", style="dim")
    else:
        lines = "1 line" if held.lines == 1 else f"{held.lines:,} lines"
        yield text.Text(f"  HELD, {lines} more  space: go on", style="bold yellow")


def _run(standing: Standing) -> text.Text:
    told = text.Text(f"  {duration(standing.run_seconds)}")
    target = standing.target_seconds
    if target:
        told.append(f" of {duration(target)}")
        if standing.run_seconds > target:
            told.stylize("bold red")
        elif standing.run_seconds > target * LATE:
            told.stylize("yellow")
    return told


def duration(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:05`."""
    whole = max(int(seconds), 0)
    hours, rest = divmod(whole, HOUR)
    minutes, left = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
