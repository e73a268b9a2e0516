"""A drill for a person: a row for each rehearsal, and below it what happens right now."""

from __future__ import annotations

import shlex
import types
from typing import Self

from rich import console, live, text

from midwatch.app import drill_plan
from midwatch.drills import decide, model, store
from midwatch.faces.cli import drill_tables

BAR = 20
REFRESHES = 8
ROOM = 4
"""Columns left free, for the ^C that a terminal echoes."""


class Screen:
    """Shows a drill; in a pipe the rows alone."""

    def __init__(self, screen: console.Console) -> None:
        self._screen = screen
        self._count = 0
        self._done = 0
        self._looks: list[bool] = []
        self._live = live.Live(console=screen, transient=True, refresh_per_second=REFRESHES)

    def __enter__(self) -> Self:
        """Show what happens right now, from here on."""
        if self._screen.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        """The rows stay, the rest goes."""
        if self._screen.is_terminal:
            self._live.stop()

    def began(self, drill: store.Drill, planned: drill_plan.Planned) -> None:
        """Say what is broken, where, and how it can be repeated."""
        self._count = len(planned.rehearsals)
        line = text.Text(f"Drill {drill.drill_id}", style="bold")
        line.append(f"  on {drill.target}", style="cyan")
        line.append(f"  {_count(self._count, 'rehearsal')}, seed {drill.seed}", style="default")
        self._screen.print(line)
        told = f"repeat: {repeated(planned.wish)}"
        self._screen.print(text.Text(told, style="dim"), soft_wrap=True)
        self._screen.print()
        self._screen.print(drill_tables.head())

    def finds_left(self, kept: store.Kept) -> None:
        """Say that a killed drill's fault is taken out first."""
        fault = kept.rehearsal.fault
        told = (
            f"A drill was killed at {kept.began:%Y-%m-%d %H:%M} UTC and left {fault.id} in "
            f"({fault.title}): taking it out."
        )
        self._screen.print(text.Text(told, style="yellow"))

    def rehearses(self, rehearsal: model.Rehearsal) -> None:
        """This one is next."""
        self._looks.clear()
        self._say(rehearsal, "looking")

    def happened(self, rehearsal: model.Rehearsal, event: model.Event) -> None:
        """The row at the end has what counts."""

    def doing(self, rehearsal: model.Rehearsal, wait: decide.Wait, now: float) -> None:
        """What is waited for, and for how long already."""
        self._say(rehearsal, f"{wait.doing}, {max(0.0, now - wait.since):.0f} s")

    def looked(self, rehearsal: model.Rehearsal, look: model.Look) -> None:
        """One more look in the strip."""
        del rehearsal
        self._looks.append(look.ok)

    def judged(self, rehearsal: model.Rehearsal, result: model.Result) -> None:
        """Its row."""
        del rehearsal
        self._done += 1
        for line in drill_tables.rows(result, self._count):
            self._screen.print(line, soft_wrap=not self._screen.is_terminal)
        self._screen.file.flush()

    def _say(self, rehearsal: model.Rehearsal, doing: str) -> None:
        if self._screen.is_terminal:
            which = f"{rehearsal.fault.id}, {rehearsal.arm}"
            told = text.Text(doing, no_wrap=True, overflow="ellipsis")
            self._live.update(console.Group(text.Text(), self._bar(which), told, self._strip()))

    def _bar(self, which: str) -> text.Text:
        if not self._count:
            return text.Text(which)
        full = round(BAR * self._done / self._count)
        line = text.Text("━" * full, style="green", no_wrap=True, overflow="ellipsis")
        line.append("━" * (BAR - full), style="dim")
        line.append(f" {self._done}/{self._count}  ", style="bold")
        return line.append(which, style="default")

    def _strip(self) -> text.Text:
        """What the users have seen, a mark for each look, the latest on the right."""
        line = text.Text(no_wrap=True)
        for ok in self._looks[-(self._screen.width - ROOM) :]:
            line.append("▁" if ok else "█", style="green" if ok else "red")
        return line


def repeated(wish: drill_plan.Wish) -> str:
    """The command that does the same again."""
    words = ["midwatch", "drill", str(wish.path), *wish.names, "--seed", str(wish.seed)]
    if wish.seeds > 1:
        words += ["--seeds", str(wish.seeds)]
    if wish.arms != (model.Arm.MIDWATCH,):
        words += [word for arm in wish.arms for word in ("--arm", arm)]
    if wish.timeout is not None:
        words += ["--timeout", f"{wish.timeout:g}"]
    return shlex.join(words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
