"""What a step prints: shown as it comes, or held back where a secret may be in it."""

from __future__ import annotations

import enum
import os
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.commands import model as commands
from midwatch.plugs.steps import output, private, shell, shell_state
from midwatch.runs import computed_secrets, model

if TYPE_CHECKING:
    from midwatch.engine import local

FILE = "secret"
"""What a step printed that made a secret while nobody looked on: it is nowhere else."""
MOST = 1 << 20
"""Bytes of an output in which secrets are looked for."""


class Showing(enum.Enum):
    """What becomes of a step's output."""

    LIVE = enum.auto()
    AFTERWARDS = enum.auto()
    """It fills a variable with a secret: nothing is shown before the value is known."""
    NEVER = enum.auto()
    """It prints a secret that can be printed again."""
    ONCE = enum.auto()
    """It makes a secret and prints it: whoever sits there sees it, and nothing keeps it."""
    ASIDE = enum.auto()
    """The same where nobody is there: it is kept for its owner alone."""


def showing(run: local.Run, step: model.PlannedStep) -> Showing:
    """What becomes of what that step prints."""
    if step.reveals:
        if step.effect is commands.Effect.READ:
            return Showing.NEVER
        return Showing.ONCE if run.world.setting.attended else Showing.ASIDE
    return Showing.AFTERWARDS if step.captures else Showing.LIVE


def follower(run: local.Run, step: model.PlannedStep, place: shell.Attempt) -> output.Follower:
    """Shows what is added to the step's output, where it may be seen at once."""
    live = showing(run, step) in {Showing.LIVE, Showing.ONCE}
    path = place.output if live else Path(os.devnull)
    return output.Follower(path, run.world.masker, run.world.listener.printed)


def learn(run: local.Run, step: model.PlannedStep, place: shell.Attempt) -> None:
    """Mask from now on what the step came by: in its variables, in what it printed."""
    dump = shell.dump(place)
    if dump is not None:
        plan = run.state.plan
        captured = frozenset(name for each in plan.steps for name in each.captures)
        variables = shell_state.changed(dump, run.known)
        run.kept.learn(computed_secrets.found(variables, plan, captured))
    if step.reveals:
        text = _start(place.output).decode("utf-8", "replace")
        run.kept.learn(computed_secrets.printed(text))


def keep(
    run: local.Run, step: model.PlannedStep, place: shell.Attempt, *, drawn: bool
) -> output.Printed:
    """Measure and mask what was printed; show what was held back and may be seen."""
    how = showing(run, step)
    if how in {Showing.NEVER, Showing.ONCE, Showing.ASIDE}:
        _put_away(place, how)
    keeping = output.keep_drawn if drawn else output.keep
    printed = keeping(place.output, run.world.masker)
    if how not in {Showing.LIVE, Showing.ONCE} and not drawn:
        output.Follower(place.output, run.world.masker, run.world.listener.printed).end()
    return printed


def _put_away(place: shell.Attempt, how: Showing) -> None:
    """Write how much it was in place of what it was."""
    path = place.output
    size = output.size(path)
    if not size:
        return
    lines = _lines(path)
    where = {
        Showing.NEVER: "neither shown nor kept",
        Showing.ONCE: "shown at the terminal and not kept",
        Showing.ASIDE: f"for you alone in {place.place(FILE)}",
    }[how]
    if how is Showing.ASIDE:
        path.replace(place.place(FILE))
    count = "1 line" if lines == 1 else f"{lines} lines"
    private.write(path, f"{model.MASK} ({count} with a secret, {where})\n".encode())


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return max(sum(1 for _ in file), 1)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST)
    except OSError:
        return b""
