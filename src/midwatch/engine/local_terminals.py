"""The terminal in a step's hands, or a shell's: until it ends, or the person goes away."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from midwatch.base import shape
from midwatch.plugs.steps import processes, shell, terminal

if TYPE_CHECKING:
    from midwatch.engine import local

GRACE_SECONDS = 5.0


@shape.frozen
class Had:
    """How what had the terminal ended, and whether the person stayed until then."""

    found: shell.Found
    stayed: bool


def hand(run: local.Run, place: shell.Attempt, script: shell.Script) -> Had:
    """Start it with a terminal of its own, and pass keys and pictures."""
    with terminal.opened() as (ours, path):
        running = shell.start(place, dataclasses.replace(script, terminal=path))
        found = terminal.relay(running, ours, place.output, run.awake)
    if isinstance(found, shell.Running):
        return Had(end(run, running), stayed=False)
    return Had(found, stayed=True)


def end(run: local.Run, running: shell.Running) -> shell.Found:
    """Its terminal is gone: wait for it to notice, then end it."""
    ticks = run.world.clock
    until = ticks.monotonic() + GRACE_SECONDS
    found = shell.wait(running, lambda: ticks.monotonic() < until)
    if not isinstance(found, shell.Running):
        return found
    mark = running.attempt.mark
    processes.stop(running.pid, mark, ticks=ticks, seconds=GRACE_SECONDS, watched=True)
    return shell.wait(running, lambda: False)
