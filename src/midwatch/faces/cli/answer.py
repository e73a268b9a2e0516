"""`midwatch answer`: what a waiting run asks, and an answer to exactly that."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from rich import text

    from midwatch.app import actors, answering
    from midwatch.faces.cli import beside, run_options, run_plan, terminal
else:
    text = lazy.module("rich.text")
    actors = lazy.module("midwatch.app.actors")
    answering = lazy.module("midwatch.app.answering")
    beside = lazy.module("midwatch.faces.cli.beside")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_plan = lazy.module("midwatch.faces.cli.run_plan")
    terminal = lazy.module("midwatch.faces.cli.terminal")

YES = "yes"
SHOWN = 12
"""Digits of the hash: enough to be sure that it is the question that was shown."""


def answer(
    run: run_flags.RunId,
    said: Annotated[
        str | None, typer.Argument(metavar="ANSWER", help="One of the answers it offers.")
    ] = None,
    *,
    because: Annotated[str, typer.Option("--because", metavar="WHY", help="Why, on record.")] = "",
    hash_: Annotated[
        str | None,
        typer.Option("--hash", metavar="HASH", help="Only if it still asks what has this hash."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One object, for programs.")] = False,
) -> None:
    """Show what a waiting run asks, and answer it: bound to what was shown, good once.

    A yes to what a step does is said with `midwatch approve`.

    For example:

        midwatch answer 1122-0314-k7qm

        midwatch answer k7qm done --because "restarted it by hand"
    """
    question = answering.asked(run)
    if not json_:
        _show(question)
    if hash_ is not None and not _fits(question, hash_):
        raise errors.UserError(
            f"It asks what has the hash {question.bound[:SHOWN]}, not “{hash_}”: it is not what "
            "you were shown.",
            "Look at it anew, and answer what you see.",
        )
    given = said or _typed(question, json_=json_)
    if given == YES and question.kind == answering.APPROVE:
        told = "A yes to what a step does wants to see all of it first."
        raise errors.UserError(told, _approving(question))
    if given:
        answering.answer(question, given, because, actors.of(os.environ))
    _tell(question, given, json_=json_)
    raise typer.Exit(int(errors.Exit.OK if given else errors.Exit.WAITING))


def _fits(question: answering.Asked, said: str) -> bool:
    found = said.strip().lower()
    return len(found) >= SHOWN and question.bound.startswith(found)


def _show(question: answering.Asked) -> None:
    screen, step = terminal.messages(), question.step
    title = f"{step.index + 1}. {step.title} (line {step.line}) on {question.plan.target}"
    screen.print(text.Text(title, style="bold"), soft_wrap=True)
    for line in run_plan.command(step):
        screen.print(line, soft_wrap=True)
    for name, told in (
        ("asks", question.sentence),
        ("answers", ", ".join(_answers(question)) or "only a yes or a no"),
        *((("for a yes", _approving(question)),) if question.kind == answering.APPROVE else ()),
        ("since", f"{question.since:%Y-%m-%d %H:%M:%S} UTC"),
        ("hash", question.bound[:SHOWN]),
    ):
        beside.show(screen, text.Text(f"     {name:<13}"), text.Text(told))


def _answers(question: answering.Asked) -> list[str]:
    """What may be said here; a yes to what a step does is given where all of it is shown."""
    elsewhere = question.kind == answering.APPROVE
    return [each for each in question.choices if not (elsewhere and each == YES)]


def _approving(question: answering.Asked) -> str:
    return f"midwatch approve {question.run_id} --step {question.step.index + 1}"


def _typed(question: answering.Asked, *, json_: bool) -> str:
    """The person's answer at a terminal; elsewhere nobody answers by accident."""
    if json_ or not run_options.attended():
        return ""
    known = {choice.lower(): choice for choice in question.choices}
    wanted = ", ".join([*_answers(question), "empty for none"])
    while True:
        try:
            given = input(f"Your answer ({wanted}): ").strip()
        except (EOFError, KeyboardInterrupt):
            return ""
        if not given or given.lower() in known:
            return known.get(given.lower(), "")
        sys.stderr.write(f"“{given[:40]}” is none of these.\n")


def _tell(question: answering.Asked, given: str, *, json_: bool) -> None:
    run_id = question.run_id
    if json_:
        fields = {
            "answered": given or None,
            "run_id": run_id,
            "step": question.step.index + 1,
            "text": question.step.text,
            "asks": question.kind,
            "question": question.sentence,
            "answers": question.choices,
            "hash": question.bound,
            "since": question.since.isoformat(),
        }
        sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    elif given:
        sys.stdout.write(f"Run {run_id}: “{given}” is on its way.\n")
        sys.stdout.write(f"  go on    midwatch resume {run_id}  (unless a host carries it out)\n")
    else:
        sys.stdout.write(f"Nothing was answered. Run {run_id} still waits.\n")
