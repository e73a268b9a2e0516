"""`midwatch drill`: break a lab on purpose, and see whether its runbook heals it."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import drill_flags

if TYPE_CHECKING:
    from midwatch.app import drill_lab, drill_plan, drill_results, drilling
    from midwatch.drills import faults, model
    from midwatch.engine import rehearsal_world
    from midwatch.faces.cli import drill_lines, drill_screen, drill_signals, drill_tables, terminal
else:
    drill_lab = lazy.module("midwatch.app.drill_lab")
    drill_plan = lazy.module("midwatch.app.drill_plan")
    drill_results = lazy.module("midwatch.app.drill_results")
    drilling = lazy.module("midwatch.app.drilling")
    faults = lazy.module("midwatch.drills.faults")
    model = lazy.module("midwatch.drills.model")
    rehearsal_world = lazy.module("midwatch.engine.rehearsal_world")
    drill_lines = lazy.module("midwatch.faces.cli.drill_lines")
    drill_screen = lazy.module("midwatch.faces.cli.drill_screen")
    drill_signals = lazy.module("midwatch.faces.cli.drill_signals")
    drill_tables = lazy.module("midwatch.faces.cli.drill_tables")
    terminal = lazy.module("midwatch.faces.cli.terminal")

LARGEST_SEED = 10_000
ARMS = ("none", "wrong", "paste", "midwatch")


def drill(  # noqa: PLR0913  (each one is a flag that a person can give)
    words: drill_flags.Words = None,
    *,
    list_: drill_flags.List = False,
    arm: drill_flags.Arms = None,
    seeds: drill_flags.Seeds = 1,
    seed: drill_flags.Seed = None,
    timeout: drill_flags.Timeout = None,
    output: drill_flags.Output = None,
    heal: drill_flags.Heal = False,
    json_: drill_flags.Json = False,
) -> None:
    """Break a lab on purpose, let a procedure heal it, and let the users' view be the judge.

    Only a target that its midwatch.toml calls a lab (`lab = true`) is ever broken. Whatever
    happens, the fault is taken out at the end; Ctrl-C takes it out first.

    For example:

        midwatch drill lab/postroom/faults.toml --list

        midwatch drill lab/postroom/faults.toml stuck-worker

        midwatch drill lab/newsletter/faults.toml --seeds 20 --arm none --arm midwatch
    """
    path, names = drill_plan.file_named(tuple(words or []))
    if list_:
        _list(drill_plan.read(path), names, json_=json_)
        return
    wish = drill_plan.Wish(
        path=path,
        names=names,
        arms=_arms(arm or ["midwatch"]),
        seed=secrets.randbelow(LARGEST_SEED) if seed is None else seed,
        seeds=seeds,
        timeout=timeout,
    )
    raise typer.Exit(int(_carry_out(wish, output, heal=heal, json_=json_)))


def _arms(names: list[str]) -> tuple[model.Arm, ...]:
    """The arms that were named, each once, in the order of the table."""
    for name in names:
        if name not in ARMS:
            raise errors.UserError(f"--arm takes {', '.join(ARMS)}, not “{name}”.")
    return tuple(each for each in model.Arm if each in names)


def _list(found: model.Faults, names: tuple[str, ...], *, json_: bool) -> None:
    chosen = faults.chosen(found, names)
    if json_:
        drill_lines.faults(chosen)
        return
    terminal.output().print(drill_tables.faults(found, chosen))


def _carry_out(
    wish: drill_plan.Wish, output: Path | None, *, heal: bool, json_: bool
) -> errors.Exit:
    """First what a killed drill left is taken out; then, unless that was all, the drill."""
    drill_results.check_place(output)
    interruption = rehearsal_world.Interruption()
    drill_signals.install(interruption)
    if json_:
        return _for_programs(wish, output, interruption, heal=heal)
    with drill_screen.Screen(terminal.output()) as screen:
        count = drill_lab.heal(wish.path, screen, interruption)
    if heal:
        told = "Nothing was left behind." if not count else f"Taken out: {count}."
        sys.stdout.write(f"{told}\n")
        return errors.Exit.OK
    planned = drill_plan.plan(wish)
    with drill_screen.Screen(terminal.output()) as screen:
        outcome = drilling.carry_out(planned, screen, interruption)
    written = drill_results.write(outcome.drill, output or outcome.folder)
    for line in drill_tables.ending(outcome, written):
        terminal.output().print(line)
    return outcome.exit


def _for_programs(
    wish: drill_plan.Wish,
    output: Path | None,
    interruption: rehearsal_world.Interruption,
    *,
    heal: bool,
) -> errors.Exit:
    lines = drill_lines.Lines()
    count = drill_lab.heal(wish.path, lines, interruption)
    if heal:
        drill_lines.healed(count)
        return errors.Exit.OK
    outcome = drilling.carry_out(drill_plan.plan(wish), lines, interruption)
    lines.ended(outcome, drill_results.write(outcome.drill, output or outcome.folder))
    return outcome.exit
