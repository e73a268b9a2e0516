"""The author's EXIT trap: it runs once, when the run is over, as when a terminal is closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.plugs.steps import output, processes, shell, shell_state
from midwatch.runs import decide, events, shell_events

if TYPE_CHECKING:
    from midwatch.engine import local

SECONDS = 60.0
"""A trap that takes longer is stopped: the end of a run is not held up for ever."""
GRACE_SECONDS = 5.0


def leave(run: local.Run, wanted: decide.LeaveShell) -> events.Event:
    """Carry the trap out, or take up what became of it."""
    started = wanted.started
    if started is None:
        return _begin(run, wanted.trap, 1)
    place = named(run.world.folder, run.run_id, started.attempt)
    same_boot = started.boot == processes.boot()
    found = shell.find(place, same_boot=same_boot, ticks=run.world.clock)
    match found:
        case shell.NeverBegan():
            return _begin(run, wanted.trap, started.attempt + 1)
        case shell.Running():
            return _follow(run, found, started.attempt)
        case _:
            return _record(run, place, started.attempt, found, since=run.world.clock.monotonic())


def named(folder: Path, run_id: str, attempt: int) -> shell.Attempt:
    """Where the trap's files lie, and the mark its processes carry."""
    return shell.Attempt(folder, f"exit-trap-{attempt}", f"{run_id}/exit-trap/{attempt}")


def after(run: local.Run, found: shell.Found) -> str | None:
    """The shell's state after a step that left the shell itself: the trap that was set has run."""
    if run.state.exit_trap and isinstance(found, shell.Ended) and shell.left_by_itself(found):
        return shell_state.without_exit_trap(run.written())
    return None


def _begin(run: local.Run, trap: str, attempt: int) -> events.Event:
    place = named(run.world.folder, run.run_id, attempt)
    script = shell.Script("exit\n", run.before(), run.world.environment)
    shell.prepare(place, script)
    shown = run.world.masker.text(trap)
    run.record(shell_events.ExitTrapStarted(attempt, processes.boot(), shown))
    return _follow(run, shell.start(place, script), attempt)


def _follow(run: local.Run, running: shell.Running, attempt: int) -> events.Event:
    """Show what it prints until it ends, its time is out, or the person presses Ctrl-C."""
    world = run.world
    since = world.clock.monotonic()
    follower = output.Follower(running.attempt.output, world.masker, world.listener.printed)

    def awake() -> bool:
        follower.catch_up()
        return not world.interruption.count and world.clock.monotonic() - since <= SECONDS

    found = shell.wait(running, awake)
    if isinstance(found, shell.Running):
        seconds = GRACE_SECONDS
        mark = running.attempt.mark
        processes.stop(running.pid, mark, ticks=world.clock, seconds=seconds, watched=True)
        shell.wait(running, lambda: False)
    follower.end()
    return _record(run, running.attempt, attempt, found, since=since)


def _record(
    run: local.Run, place: shell.Attempt, attempt: int, found: shell.Found, *, since: float
) -> events.Event:
    world = run.world
    printed = output.keep(place.output, world.masker)
    code = found.exit if isinstance(found, shell.Ended) else None
    event = shell_events.ExitTrapFinished(
        attempt=attempt,
        exit=code,
        meaning=_meaning(found),
        seconds=round(world.clock.monotonic() - since, 3),
        size=printed.size,
        sha256=printed.sha256,
        tail=printed.tail,
        state=shell_state.without_exit_trap(run.written()),
    )
    run.record(event)
    shell.tidy(place)
    return event


def _meaning(found: shell.Found) -> str:
    match found:
        case shell.Ended(0):
            return ""
        case shell.Ended(code):
            return f"exit {code}"
        case shell.Running():
            return "it was stopped on the way"
        case _:
            return "it was cut off: nobody knows how far it came"
