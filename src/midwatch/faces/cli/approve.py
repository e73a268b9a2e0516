"""`midwatch approve`: a second person's yes, bound to what they were shown."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from rich import text

    from midwatch.app import approving
    from midwatch.faces.cli import run_options, run_plan, terminal
else:
    text = lazy.module("rich.text")
    approving = lazy.module("midwatch.app.approving")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_plan = lazy.module("midwatch.faces.cli.run_plan")
    terminal = lazy.module("midwatch.faces.cli.terminal")

SHOWN = 12
"""Digits of the hash: enough to be sure that both look at the same thing."""


def approve(
    run: run_flags.RunId,
    *,
    step: Annotated[
        int | None, typer.Option("--step", min=1, help="Which step; else the one that waits.")
    ] = None,
    hash_: Annotated[
        str | None,
        typer.Option(
            "--hash", metavar="HASH", help="Say yes without a question, to what has this hash."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One object, for programs.")] = False,
) -> None:
    """Say yes to a step that waits for a second person: shown first, good once, and for a while.

    You are the user of this account, or whom MIDWATCH_ACTOR names; both go on record.

    For example:

        midwatch approve 1122-0314-k7qm

        midwatch approve k7qm --step 3 --hash 9f86d081884c
    """
    waiting = approving.pending(run, step)
    if not json_:
        _show(waiting)
    said = _fits(waiting, hash_) if hash_ is not None else _asked(waiting, json_=json_)
    if said:
        approving.approve(waiting)
    _tell(waiting, said=said, json_=json_)
    raise typer.Exit(int(errors.Exit.OK if said else errors.Exit.WAITING))


def _show(waiting: approving.Pending) -> None:
    """Exactly what the yes is about."""
    screen = terminal.messages()
    step, plan = waiting.step, waiting.plan
    title = f"{step.index + 1}. {step.title} (line {step.line}): {step.effect} on {plan.target}"
    screen.print(text.Text(title, style="bold"), soft_wrap=True)
    for line in (*run_plan.command(step), *run_plan.reasons(plan, step)):
        run_plan.put(screen, line)
    asked = waiting.asked
    have = f"; so far: {', '.join(asked.have)}" if asked.have else ""
    people = f"{asked.approvals} people must say yes{have}" if asked.approvals > 1 else ""
    for name, told in (
        ("asked for by", plan.requested_by),
        ("why", f"{asked.why} ({waiting.source})"),
        ("people", people),
        ("you are", f"{waiting.actor.name}, with the account {waiting.actor.account}"),
        ("hash", waiting.bound[:SHOWN]),
    ):
        if told:
            screen.print(text.Text(f"     {name:<13}{told}"), soft_wrap=True)


def _fits(waiting: approving.Pending, said: str) -> bool:
    """Whether the hash is the one of what waits; half a hash is none."""
    found = said.strip().lower()
    if len(found) < SHOWN or not waiting.bound.startswith(found):
        raise errors.UserError(
            f"What waits has the hash {waiting.bound[:SHOWN]}, not “{said}”: it is not what you "
            "were shown.",
            "Look at it anew, and say yes to what you see.",
        )
    return True


def _asked(waiting: approving.Pending, *, json_: bool) -> bool:
    """The person's answer at a terminal; elsewhere nobody says yes by accident."""
    if json_ or not run_options.attended():
        return False
    target = waiting.plan.target
    words = (
        f"Type {target} to say yes: " if waiting.types_target else "Say yes to it? [y]es, [n]o: "
    )
    try:
        said = input(words).strip()
    except (EOFError, KeyboardInterrupt):
        return False
    return said == target if waiting.types_target else said.lower() in {"y", "yes"}


def _tell(waiting: approving.Pending, *, said: bool, json_: bool) -> None:
    number, run_id = waiting.step.index + 1, waiting.run_id
    if json_:
        fields = {
            "approved": said,
            "run_id": run_id,
            "step": number,
            "text": waiting.step.text,
            "effect": waiting.step.effect,
            "target": waiting.plan.target,
            "actor": waiting.actor.name,
            "hash": waiting.bound,
        }
        sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    elif said:
        sys.stdout.write(f"Step {number} of run {run_id}: {waiting.actor.name} said yes.\n")
        sys.stdout.write(f"  go on   midwatch resume {run_id}  (unless it waits in a terminal)\n")
    else:
        sys.stdout.write(f"Nothing was approved. Step {number} of run {run_id} still waits.\n")
        how = f"midwatch approve {run_id} --step {number} --hash {waiting.bound[:SHOWN]}"
        sys.stdout.write(f"  say yes   {how}\n")
