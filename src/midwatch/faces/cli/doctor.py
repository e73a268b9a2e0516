"""`midwatch doctor`: would a page arrive tonight?"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import clock, errors, lazy

if TYPE_CHECKING:
    from rich import text

    from midwatch.app import examination, examining, settings
    from midwatch.faces.cli import beside, terminal
else:
    text = lazy.module("rich.text")
    examination = lazy.module("midwatch.app.examination")
    examining = lazy.module("midwatch.app.examining")
    settings = lazy.module("midwatch.app.settings")
    beside = lazy.module("midwatch.faces.cli.beside")
    terminal = lazy.module("midwatch.faces.cli.terminal")

WIDEST = 26


def doctor(
    *,
    json_: Annotated[
        bool, typer.Option("--json", help="One finding a line, for programs.")
    ] = False,
) -> None:
    """Prove that a page would arrive: people, schedules, channels, runbooks, targets, database.

    Nothing is sent and nothing is changed; channels are asked whether they would take a message.
    Exit 1 where something is broken; what is only poor is told.

    For example:

        midwatch doctor
    """
    found = settings.find((Path.cwd(),))
    findings = list(examining.examine(found, os.environ, clock.SystemClock()))
    broken = [each for each in findings if each.health is examination.Health.BROKEN]
    if json_:
        for each in findings:
            fields = {
                "area": each.area,
                "thing": each.thing,
                "health": each.health.value,
                "told": each.told,
            }
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    else:
        _show(findings)
    if broken:
        raise typer.Exit(int(errors.Exit.FAILED))


def _show(findings: list[examination.Finding]) -> None:
    screen = terminal.output()
    areas = max(len(each.area) for each in findings) + 2
    things = min(max(len(each.thing) for each in findings), WIDEST) + 2
    for each in findings:
        mark, style = MARKS[each.health.value]
        left = text.Text(f"{mark} ", style=style).append(f"{each.area:<{areas}}", style="dim")
        left.append(f"{each.thing:<{things - 2}}  ", style="default")
        told = text.Text(each.told, style=style if each.health.value != "fine" else "default")
        screen.print(beside.Beside(left, [told]), end="")
    counts = {name: sum(each.health.value == name for each in findings) for name in MARKS}
    words = f"{counts['broken']} broken, {counts['poor']} poor, {counts['fine']} fine"
    verdict = "Something would fail tonight" if counts["broken"] else "A page would arrive"
    screen.print(text.Text(f"\n{verdict}: {words}.", style="bold"))


MARKS = {"fine": ("✓", "green"), "poor": ("!", "yellow"), "broken": ("✗", "bold red")}
