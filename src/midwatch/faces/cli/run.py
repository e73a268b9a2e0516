"""`midwatch run`: one procedure, step by step, under guard, on record."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from midwatch.base import lazy
from midwatch.faces.cli import run_flags, undo

if TYPE_CHECKING:
    from midwatch.app import incident_runs, offering, proving, running
    from midwatch.faces.cli import (
        run_live,
        run_options,
        run_plan,
        run_questions,
        running_screen,
        terminal,
    )
else:
    incident_runs = lazy.module("midwatch.app.incident_runs")
    offering = lazy.module("midwatch.app.offering")
    proving = lazy.module("midwatch.app.proving")
    running = lazy.module("midwatch.app.running")
    run_live = lazy.module("midwatch.faces.cli.run_live")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_plan = lazy.module("midwatch.faces.cli.run_plan")
    run_questions = lazy.module("midwatch.faces.cli.run_questions")
    running_screen = lazy.module("midwatch.faces.cli.running_screen")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def run(  # noqa: PLR0913  (each one is a flag that a person can give)
    procedure: run_flags.Address,
    *,
    target: run_flags.Target = None,
    set_: run_flags.Values = None,
    choose: run_flags.Choose = None,
    yes: run_flags.Yes = None,
    dry_run: run_flags.DryRun = False,
    json_: run_flags.Json = False,
    break_glass: run_flags.BreakGlass = None,
    bundle: run_flags.Bundle = None,
    incident: run_flags.Incident = None,
) -> None:
    """Carry one procedure of a runbook out: reads run, changes ask, destruction asks hard.

    Without a terminal nobody is asked: the run waits (exit 4) and is resumed by a person.

    For example:

        midwatch run ops/RUNBOOK.md#queue-backlog --dry-run

        midwatch run ops/RUNBOOK.md#queue-backlog --target production

        midwatch run ops/RUNBOOK.md#restart-worker --set pod-name=worker-7d9f --yes change
    """
    wish = running.Wish(
        address=procedure,
        target=target,
        given=run_options.values(set_ or []),
        may=run_options.may(yes),
        chosen=run_options.chosen(choose or []),
        attended=run_options.attended() and not json_ and not dry_run,
        break_glass=run_options.reason(break_glass),
    )
    work = incident_runs.on(incident) if incident else None
    code = carry_out(wish, dry_run=dry_run, json_=json_, bundle=bundle, work=work)
    raise typer.Exit(code)


def carry_out(
    wish: running.Wish,
    *,
    dry_run: bool,
    json_: bool,
    bundle: Path | None = None,
    work: incident_runs.Work | None = None,
) -> int:
    """Plan, show the plan, and unless that was all, run; the exit code."""
    running_screen.check_bundle(bundle)
    signals = run_options.Signals()
    prepared = running.prepare(wish)
    asker = run_questions.Asker(terminal.messages(), signals)
    known = work.inputs(prepared.procedure) if work else {}
    given = {**known, **wish.given}
    missing = tuple(each for each in prepared.missing if each.name not in given)
    if missing and wish.attended:
        about = f"{prepared.procedure.title} on {prepared.target.name}"
        given |= asker.inputs(missing, offering.of(prepared), about=about)
    proof = "" if json_ else proving.sentence(prepared.runbook, prepared.procedure)
    if dry_run:
        running_screen.preview(running.preview(prepared, given), json_=json_, proof=proof)
        return 0
    running_screen.require(prepared, given)
    if not json_:
        run_plan.show(terminal.output(), running.preview(prepared, given), proof)
    signals.install()
    listener = running_screen.listener(signals, json_=json_)
    person = asker if wish.attended else run_questions.Nobody()
    begun = running.begin(
        prepared, given, running.Faces(person, listener, signals.interruption, listener.began)
    )
    asker.plan = begun.run.state.plan
    if work:
        work.began(begun.run_id, begun.run.state.plan)
    code = running_screen.carry_out(begun, listener, json_=json_)
    if work:
        work.ended(begun.run_id, begun.run.state.outcome, begun.run.world.journal)
        if not json_:
            sys.stdout.write(f"  incident     midwatch incident {work.incident}\n")
    os.close(begun.owner)
    running_screen.collect(begun, bundle, json_=json_)
    undo.follow(begun, json_=json_)
    return code
