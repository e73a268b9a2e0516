"""`midwatch resume`: take a run up where its journal ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import running
    from midwatch.faces.cli import run_options, run_questions, running_screen, terminal
else:
    running = lazy.module("midwatch.app.running")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_questions = lazy.module("midwatch.faces.cli.run_questions")
    running_screen = lazy.module("midwatch.faces.cli.running_screen")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def resume(
    run: Annotated[str, typer.Argument(metavar="ID", help="The run, or the end of its id.")],
    *,
    in_doubt: Annotated[
        str | None,
        typer.Option(
            "--in-doubt",
            metavar="done|repeat|skip",
            help="What became of a step that started and left no result.",
        ),
    ] = None,
    failed: Annotated[
        str | None,
        typer.Option(
            "--failed", metavar="retry|skip|abort", help="What to do about the step that failed."
        ),
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A secret input again: name=value.")
    ] = None,
    choose: Annotated[
        list[str] | None,
        typer.Option("--choose", help="Of several ways this one, or: this condition holds."),
    ] = None,
    yes: Annotated[
        str | None, typer.Option("--yes", metavar="read|change", help="What runs without asking.")
    ] = None,
    json_: Annotated[
        bool, typer.Option("--json", help="One event a line; nobody is asked anything.")
    ] = False,
) -> None:
    """Go on with a run after Ctrl-C, a crash, a failure or a question that waited.

    A step that still runs is followed again; a result that arrived meanwhile is taken. A read
    without a result is repeated; anything else is in doubt, and a person says what became of it.

    Examples:
        midwatch resume 1122-0314-k7qm

        midwatch resume k7qm --in-doubt done --yes change
    """
    signals = run_options.Signals()
    attended = run_options.attended() and not json_
    again = running.Again(
        run=run,
        given=run_options.values(set_ or []),
        may=run_options.may(yes),
        chosen=run_options.chosen(choose or []),
        attended=attended,
        in_doubt=run_options.in_doubt(in_doubt),
        after_failure=run_options.after_failure(failed),
    )
    signals.install()
    asker = run_questions.Asker(terminal.messages(), signals)
    listener = running_screen.listener(signals, json_=json_)
    person = asker if attended else run_questions.Nobody()
    begun = running.resume(
        again, running.Faces(person, listener, signals.interruption, listener.began)
    )
    asker.plan = begun.run.state.plan
    code = running_screen.carry_out(begun, json_=json_)
    os.close(begun.owner)
    raise typer.Exit(code)
