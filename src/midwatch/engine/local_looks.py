"""Looking first: the read-only commands that show what a step will touch, before it is approved."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from midwatch.engine import local_steps
from midwatch.plugs.steps import output, processes, shell
from midwatch.runs import events, model

if TYPE_CHECKING:
    from midwatch.engine import local

SECONDS = 10.0
"""A look that takes longer is no look."""
LINES = 20


def look(run: local.Run, step: model.PlannedStep) -> events.Looked:
    """Run the step's looks with the step's own state; nothing of them stays."""
    world = run.world
    place = _place(run, step)
    text = "\n".join(step.looks)
    script = shell.Script(text, run.before_aside(), world.environment, watched=False)
    since = world.clock.monotonic()
    shell.prepare(place, script)
    found = _followed(run, shell.start(place, script), since)
    printed = output.keep(place.output, world.masker)
    shell.tidy(place)
    return events.Looked(
        step=step.index,
        digest=step.digest,
        text=text,
        exit=found.exit if isinstance(found, shell.Ended) else None,
        seconds=round(world.clock.monotonic() - since, 3),
        size=printed.size,
        sha256=printed.sha256,
        tail=tail(printed.tail),
    )


def _place(run: local.Run, step: model.PlannedStep) -> shell.Attempt:
    """A place of its own, empty: a look may be had again."""
    name = f"step-{step.index + 1:03d}-look"
    place = shell.Attempt(run.world.folder, name, f"{run.run_id}/{step.index}/look")
    for old in run.world.folder.glob(f"{name}.*"):
        with contextlib.suppress(OSError):
            old.unlink()
    return place


def _followed(run: local.Run, running: shell.Running, since: float) -> shell.Found:
    """Until it ends, its time is out, or the person wants to leave."""
    world = run.world

    def awake() -> bool:
        return world.clock.monotonic() - since <= SECONDS and run.awake()

    found = shell.wait(running, awake)
    if not isinstance(found, shell.Running):
        return found
    processes.stop(
        running.pid,
        running.attempt.mark,
        ticks=world.clock,
        seconds=local_steps.GRACE_SECONDS,
        watched=running.watched,
    )
    shell.wait(running, lambda: False)
    return found


def tail(text: str) -> str:
    """The last lines of what was printed."""
    return "\n".join(text.rstrip("\n").splitlines()[-LINES:])
