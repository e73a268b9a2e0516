"""`midwatch resume`: take a run up where its journal ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import run_flags, undo

if TYPE_CHECKING:
    from midwatch.app import incident_runs, replanning, running
    from midwatch.faces.cli import run_options, run_questions, running_screen, terminal
    from midwatch.runs import decide, events, state
else:
    decide = lazy.module("midwatch.runs.decide")
    state = lazy.module("midwatch.runs.state")
    events = lazy.module("midwatch.runs.events")
    incident_runs = lazy.module("midwatch.app.incident_runs")
    replanning = lazy.module("midwatch.app.replanning")
    running = lazy.module("midwatch.app.running")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_questions = lazy.module("midwatch.faces.cli.run_questions")
    running_screen = lazy.module("midwatch.faces.cli.running_screen")
    terminal = lazy.module("midwatch.faces.cli.terminal")


LATEST = 3
"""Where a run was handed over, that is among the last things that happened to it."""


def resume(  # noqa: PLR0913  (each one is a flag that a person can give)
    run: run_flags.RunId,
    *,
    in_doubt: run_flags.InDoubt = None,
    failed: run_flags.Failed = None,
    from_: run_flags.From = None,
    set_: run_flags.Values = None,
    choose: run_flags.Choose = None,
    yes: run_flags.Yes = None,
    json_: run_flags.Json = False,
    break_glass: run_flags.BreakGlass = None,
    bundle: run_flags.Bundle = None,
) -> None:
    """Go on with a run after Ctrl-C, a crash, a failure or a question that waited.

    A step that still runs is followed again; a result that arrived meanwhile is taken. A read
    without a result is repeated; anything else is in doubt, and a person says what became of it.

    For example:

        midwatch resume 1122-0314-k7qm

        midwatch resume k7qm --in-doubt done --yes change

        midwatch resume k7qm --from 3 --set pod-name=worker-7d9f
    """
    again = running.Again(
        run=run,
        given=run_options.values(set_ or []),
        may=run_options.may(yes),
        chosen=run_options.chosen(choose or []),
        attended=run_options.attended() and not json_,
        in_doubt=run_options.in_doubt(in_doubt),
        after_failure=run_options.after_failure(failed),
        break_glass=run_options.reason(break_glass),
    )
    raise typer.Exit(carry_on(again, json_=json_, bundle=bundle, from_=from_))


def carry_on(
    again: running.Again, *, json_: bool, bundle: Path | None = None, from_: int | None = None
) -> int:
    """Take the run up and advance it; the exit code."""
    running_screen.check_bundle(bundle)
    signals = run_options.Signals()
    signals.install()
    asker = run_questions.Asker(terminal.messages(), signals)
    listener = running_screen.listener(signals, json_=json_)
    person = asker if again.attended else run_questions.Nobody()
    faces = running.Faces(person, listener, signals.interruption, listener.began)
    replan = replanning.of(again, from_) if from_ is not None else None
    begun = running.resume(again, faces, replan)
    asker.plan = begun.run.state.plan
    listener.noticed(_where(begun.run.state))
    for each in begun.run.recent[-LATEST:]:
        if isinstance(each.event, events.HandedOver):
            listener.noticed(f"Handed over by {each.event.by}: {each.event.note or 'no note'}")
    code = running_screen.carry_out(begun, listener, json_=json_)
    os.close(begun.owner)
    try:
        incident_runs.tell_end(begun)
    except errors.MidwatchError as error:
        listener.noticed(f"The run is on record; its incident was not told: {error.message}")
    running_screen.collect(begun, bundle, json_=json_)
    undo.follow(begun, json_=json_)
    return code


def _where(standing: state.State) -> str:
    """What it is that goes on, and how far it has come."""
    plan = standing.plan
    steps = [standing.step(step.index) for step in plan.steps]
    over = sum(1 for step in steps if step.status in decide.OVER)
    return f"{plan.title} on {plan.target}: {over} of {len(steps)} steps are over"
