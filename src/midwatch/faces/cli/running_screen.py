"""What `run` and `resume` share: who listens, the carrying-out, and the end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.app import running
from midwatch.base import clock, errors, lazy
from midwatch.faces.cli import run_live, run_options, run_plan, run_summary, terminal
from midwatch.runs import events, model

if TYPE_CHECKING:
    from midwatch.app import bundling, tracing
    from midwatch.faces.cli import bundle
else:
    bundling = lazy.module("midwatch.app.bundling")
    tracing = lazy.module("midwatch.app.tracing")
    bundle = lazy.module("midwatch.faces.cli.bundle")


def listener(signals: run_options.Signals, *, json_: bool) -> run_live.Screen | run_live.Lines:
    """A screen for people, lines for programs."""
    if json_:
        return run_live.Lines(signals.interruption)
    screen = terminal.output()
    watched = run_options.attended() and not screen.is_dumb_terminal
    shown = run_live.Screen(screen, signals.interruption, signals.keyboard if watched else None)
    signals.before_asking = shown.rest
    return shown


def preview(plan: model.Plan, *, json_: bool, proof: str = "") -> None:
    """The plan alone, as `--dry-run` wants it."""
    if not json_:
        run_plan.show(terminal.output(), plan, proof)
        return
    lines = run_live.Lines(run_options.Signals().interruption)
    planned = events.Recorded(0, clock.SystemClock().now(), events.Planned(plan))
    lines.print({**run_live.as_fields(None, planned), "dry_run": True})


def require(prepared: running.Prepared, given: dict[str, str]) -> None:
    """Stand still where an input is missing and nobody can be asked."""
    missing = [each for each in prepared.missing if each.name not in given]
    if not missing or prepared.wish.attended:
        return
    names = ", ".join(f"{each.name} (line {each.line})" for each in missing)
    flags = " ".join(f"--set {each.name}=…" for each in missing)
    raise errors.WaitingError(f"Nothing was started: inputs are missing: {names}.", flags)


def carry_out(
    begun: running.Begun, listening: run_live.Screen | run_live.Lines, *, json_: bool
) -> int:
    """Advance the run to where it ends or waits, show the summary, give the exit code."""
    run = begun.run
    try:
        outcome = run.carry_out()
    finally:
        listening.rest()
    if run.state.finished is not None:
        tracing.export(run.world.journal, begun.run_id)
    try:
        if not json_:
            took = run.world.clock.now() - begun.began
            run_summary.show(terminal.output(), begun.run_id, run.state, took)
        sys.stdout.flush()
    except OSError:  # nobody reads any more; what matters is in the journal
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(run_summary.CODES[outcome])


def check_bundle(path: Path | None) -> None:
    """Before anything runs: whether the evidence can be written where it was asked for."""
    if path is not None:
        bundling.check_place(path)


def collect(begun: running.Begun, path: Path | None, *, json_: bool) -> None:
    """The evidence of the run, where it was asked for."""
    if path is not None:
        bundle.tell(bundling.bundle(begun.run_id, path), sys.stderr if json_ else sys.stdout)
