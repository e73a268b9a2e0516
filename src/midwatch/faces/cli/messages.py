"""`midwatch messages`: what was sent to whom, what never arrived, and to send that again."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import text

    from midwatch.app import at_terminal, watching
    from midwatch.faces.cli import beside, letters, terminal
else:
    text = lazy.module("rich.text")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    watching = lazy.module("midwatch.app.watching")
    beside = lazy.module("midwatch.faces.cli.beside")
    letters = lazy.module("midwatch.faces.cli.letters")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def list_(
    context: typer.Context,
    *,
    dead: Annotated[bool, typer.Option("--dead", help="Only what no channel took.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many.")] = 20,
    json_: Annotated[
        bool, typer.Option("--json", help="One message a line, for programs.")
    ] = False,
) -> None:
    """List messages, the newest first: to whom, by what, and what became of each.

    For example:

        midwatch messages --dead

        midwatch messages replay 42
    """
    if context.invoked_subcommand is not None:
        return
    found = watching.messages(at_terminal.asking(), state="dead" if dead else "", limit=limit)
    if json_:
        for each in found:
            sys.stdout.write(json.dumps(letters.fields(each), ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("No dead letters.\n" if dead else "No messages yet.\n")
        return
    screen = terminal.output()
    width = len(str(max(each.id for each in found)))
    for each in found:
        what = f"{each.kind.value} of {each.incident}" if each.incident else each.kind.value
        head = text.Text(f"{each.id:>{width}} {each.created_at:%m-%d %H:%M} ", style="dim")
        screen.print(head.append_text(letters.line(each)).append(f" {what}"), soft_wrap=True)
        beside.show(screen, text.Text(" " * (width + 1)), text.Text(letters.told(each)))


def replay(
    number: Annotated[int, typer.Argument(metavar="MESSAGE", help="Its number.")],
) -> None:
    """Send a dead letter again; `midwatch serve` does it at once.

    For example:

        midwatch messages replay 42
    """
    watching.replay(at_terminal.asking(), number)
    sys.stdout.write(f"Message {number} goes out again.\n")
