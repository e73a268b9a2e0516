"""The tables of a drill: its faults, its rehearsals as they come, its arms side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import console, table, text

from midwatch.app import drill_results, drilling
from midwatch.drills import comparison, model, proofs, statistics

SIGNS = {
    model.Verdict.HEALED: ("✓ healed", "green"),
    model.Verdict.NOT_HEALED: ("✗ not healed", "bold red"),
    model.Verdict.NOT_BROKEN: ("- never bad", "yellow"),
    model.Verdict.NOT_INJECTED: ("- not put in", "yellow"),
    model.Verdict.NOT_READY: ("- not well", "yellow"),
    model.Verdict.INTERRUPTED: ("- left", "yellow"),
}
NUMBER, FAULT, ARM, VERDICT, SECONDS = 7, 24, 9, 13, 6
TIMES = ("seen", "known", "step", "good")
INDENT = " " * NUMBER


def faults(found: model.Faults, chosen: Sequence[model.Fault]) -> table.Table:
    """What can be broken, what should heal it, and who says so."""
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    grid.add_column("fault", no_wrap=True, style="bold")
    grid.add_column("what happens", overflow="fold")
    grid.add_column("procedure", overflow="fold", style="cyan")
    if len(found.kinds) > 1:
        grid.add_column("probe", no_wrap=True)
    for each in chosen:
        row = [each.id, each.title, each.procedure or "-"]
        grid.add_row(*row, *([each.probe] if len(found.kinds) > 1 else []))
    return grid


def head() -> text.Text:
    """The columns of the rows below: the times count from the moment it was broken."""
    line = f"{INDENT}{'fault':<{FAULT}}{'arm':<{ARM}}{'verdict':<{VERDICT}}"
    return text.Text(line + "".join(f"{each:>{SECONDS}}" for each in TIMES), style="dim")


def rows(result: model.Result, planned: int) -> Iterator[text.Text]:
    """A rehearsal in one line, and what else must be known of it."""
    sign, style = SIGNS[result.verdict]
    line = text.Text(f"{f'{result.number}/{planned}':>{NUMBER - 1}} ", style="dim")
    line.append(f"{_short(result.fault, FAULT):<{FAULT}}")
    line.append(f"{result.arm:<{ARM}}")
    line.append(f"{sign:<{VERDICT}}", style=style)
    for each in (result.first_bad, result.detected, result.first_step, result.recovered):
        line.append(f"{_seconds(each):>{SECONDS}}")
    line.rstrip()
    yield line
    if not result.healed:
        for told in (result.why, result.arm_outcome):
            if told:
                yield text.Text(f"{INDENT}{told}", style="dim")
    if result.breakage:
        yield text.Text(f"{INDENT}new breakage: {result.breakage}", style="bold red")
    if result.left_broken:
        yield text.Text(f"{INDENT}left broken: {result.left_broken}", style="bold red")


def _short(words: str, width: int) -> str:
    return words if len(words) < width else words[: width - 2] + "…"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{max(0.0, value):.1f}"


def ending(
    outcome: drilling.Outcome, written: drill_results.Written
) -> Iterator[console.RenderableType]:
    """What the drill came to, and where it is kept."""
    yield ""
    if outcome.stopped:
        yield text.Text(outcome.stopped, style="bold red")
    if outcome.interrupted:
        yield text.Text("Left before the end; the fault is out.", style="yellow")
    yield from arms(outcome.results, outcome.drill.seed)
    for label, path in written.shown:
        yield text.Text(f"{label:<10}{path}", style="dim", overflow="fold")
    if written.note:
        yield text.Text(written.note, style="dim")


def arms(results: Sequence[model.Result], seed: int) -> Iterator[console.RenderableType]:
    """The arms side by side, and what Midwatch gains over the others."""
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    grid.add_column("arm", style="bold")
    for name in ("healed", "share, 95 % sure", "known after", "good after", "stable after"):
        grid.add_column(name, justify="right")
    for row in comparison.rows(results):
        grid.add_row(
            row.arm,
            f"{row.healed} of {row.tries}",
            _share(row.share),
            _duration(row.detected),
            _duration(row.recovered),
            _duration(row.stable),
        )
    if results:
        yield grid
    for gain in comparison.gains(results, seed):
        yield _gain(gain)
    apart = sum(1 for each in results if each.verdict not in model.JUDGED)
    if apart:
        yield text.Text(f"{apart} not judged: they say nothing of a procedure.", style="dim")


def _gain(gain: comparison.Gain) -> text.Text:
    value, low, high = (
        round(100 * each) for each in (gain.interval.value, gain.interval.low, gain.interval.high)
    )
    line = text.Text(f"{gain.arm} over {gain.over}: ")
    line.append(f"{value:+d} points", style="bold")
    return line.append(f" ({low:+d} to {high:+d}, {gain.pairs} pairs)", style="dim")


def _share(found: statistics.Interval | None) -> str:
    if found is None:
        return "-"
    value, low, high = (round(100 * each) for each in (found.value, found.low, found.high))
    return f"{value} % ({low} to {high})"


def _duration(seconds: float | None) -> str:
    return "-" if seconds is None else proofs.duration(seconds)
