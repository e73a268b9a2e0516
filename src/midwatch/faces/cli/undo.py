"""`midwatch undo`: take back what a run changed, the last change first."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from midwatch.app import running, undoing
    from midwatch.faces.cli import (
        run_live,
        run_options,
        run_plan,
        run_questions,
        running_screen,
        terminal,
    )
    from midwatch.runs import model
else:
    model = lazy.module("midwatch.runs.model")
    running = lazy.module("midwatch.app.running")
    undoing = lazy.module("midwatch.app.undoing")
    run_live = lazy.module("midwatch.faces.cli.run_live")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_plan = lazy.module("midwatch.faces.cli.run_plan")
    run_questions = lazy.module("midwatch.faces.cli.run_questions")
    running_screen = lazy.module("midwatch.faces.cli.running_screen")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def undo(
    run: run_flags.RunId,
    *,
    set_: run_flags.Values = None,
    yes: run_flags.Yes = None,
    dry_run: run_flags.DryRun = False,
    json_: run_flags.Json = False,
    break_glass: run_flags.BreakGlass = None,
    again: Annotated[
        bool, typer.Option("--again", help="Though an undo of it was begun before.")
    ] = False,
) -> None:
    """Take back what a run changed, the last change first, as a run of its own.

    Each change has the way back that is known of its command, or else the runbook's own rollback;
    what neither knows is a person's. Nothing of it runs without the same guard as any other step.

    For example:

        midwatch undo 1122-0314-k7qm --dry-run

        midwatch undo k7qm
    """
    wish = undoing.Wish(
        run=run,
        given=run_options.values(set_ or []),
        may=run_options.may(yes),
        attended=run_options.attended() and not json_ and not dry_run,
        break_glass=run_options.reason(break_glass),
    )
    raise typer.Exit(carry_out(wish, dry_run=dry_run, json_=json_, again=again))


def carry_out(wish: undoing.Wish, *, dry_run: bool, json_: bool, again: bool = False) -> int:
    """Show the way back, and unless that was all, walk it; the exit code."""
    signals = run_options.Signals()
    found = undoing.prepare(wish)
    asker = run_questions.Asker(terminal.messages(), signals)
    if not (dry_run or again) and not _goes_on(found, asker, attended=wish.attended):
        return 0
    if wish.attended and found.prepared.missing:
        found = found.with_values(asker.inputs(found.prepared.missing))
    plan = found.preview()
    if not plan.steps:
        sys.stderr.write(f"Run {found.run_id} changed nothing that is to be taken back.\n")
        return 0
    if dry_run:
        running_screen.preview(plan, json_=json_)
        return 0
    if not json_:
        run_plan.show(terminal.output(), plan)
    signals.install()
    listener = running_screen.listener(signals, json_=json_)
    person = asker if wish.attended else run_questions.Nobody()
    begun = found.begin(running.Faces(person, listener, signals.interruption, listener.began))
    asker.plan = begun.run.state.plan
    code = running_screen.carry_out(begun, listener, json_=json_)
    os.close(begun.owner)
    if code == 0:
        found.forget()
    return code


def _goes_on(found: undoing.Undo, asker: run_questions.Asker, *, attended: bool) -> bool:
    """Whether to take it back though that was begun before; unattended it is refused."""
    before = found.before
    if before is None:
        return True
    done = before.outcome is model.Outcome.SUCCEEDED
    told = "was taken back already" if done else f"is being taken back ({before.outcome})"
    sentence = f"Run {found.run_id} {told}, by run {before.run_id}."
    hint = f"midwatch transcript {before.run_id}" if done else f"midwatch resume {before.run_id}"
    if not attended:
        raise errors.WaitingError(
            sentence, f"See it: {hint}. To take it back once more all the same: --again."
        )
    return asker.agrees(f"{sentence} ({hint})", "Take it back once more?")


def follow(begun: running.Begun, *, json_: bool) -> None:
    """Where a person answered a failure with `undo`, take the run back at once."""
    if begun.run.state.undo_wanted:
        setting = begun.run.world.setting
        wish = undoing.Wish(
            begun.run_id,
            may=setting.may,
            attended=setting.attended,
            break_glass=setting.break_glass,
        )
        carry_out(wish, dry_run=False, json_=json_)
