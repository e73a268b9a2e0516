"""A shell step from its recorded start to its recorded result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.engine import (
    failpoints,
    local_exit_trap,
    local_output,
    local_outside,
    local_secrets,
    local_terminals,
    local_world,
)
from midwatch.guards import model as guards
from midwatch.plugs.steps import driver, ended, output, processes, shell
from midwatch.runs import decide, events, model

if TYPE_CHECKING:
    from midwatch.engine import local

GRACE_SECONDS = 5.0
SCRIPTS = "scripts"


def attempt_of(run: local.Run, step: model.PlannedStep, attempt: int) -> shell.Attempt:
    """Where that attempt's files lie, and the mark its processes carry."""
    return named(run.world.folder, run.run_id, step.index, attempt)


def named(folder: Path, run_id: str, step: int, attempt: int) -> shell.Attempt:
    """One attempt at one step of a run, by the run's folder."""
    return shell.Attempt(folder, f"step-{step + 1:03d}-{attempt}", f"{run_id}/{step}/{attempt}")


def must_be_watched(step: model.PlannedStep) -> bool:
    """A read may be repeated; of anything else it must be known how it ended."""
    return step.effect is not commands.Effect.READ or local_outside.is_one(step)


def save(run: local.Run, step: model.PlannedStep) -> events.Event:
    """Save the script that the step defines where later steps call it."""
    name = step.file_name or f"step-{step.index + 1}.sh"
    write_script(run.world.folder, name, step.text)
    return events.ScriptSaved(step.index, name)


def write_script(run_folder: Path, name: str, text: str) -> Path:
    """The document's script as a file of the run, ready to be called."""
    folder = run_folder / SCRIPTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / Path(name).name
    path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    path.chmod(0o700)
    return path


@shape.frozen
class _Followed:
    """A step that runs, with all that is needed to judge its end."""

    run: local.Run
    step: model.PlannedStep
    attempt: int
    allowed: guards.Allow
    running: shell.Running
    since: float


def carry_out(
    run: local.Run, step: model.PlannedStep, attempt: int, allowed: guards.Allow
) -> events.Event:
    """Record the start, start, follow, record the end."""
    world = run.world
    place = attempt_of(run, step, attempt)
    allowed = local_outside.allowed(step, allowed)
    script = _script(run, step, place, watched=must_be_watched(step) or allowed.terminal)
    shell.prepare(place, script)
    run.record(events.StepStarted(step.index, attempt, processes.boot()))
    since = world.clock.monotonic()
    if allowed.terminal:
        had = local_terminals.hand(run, place, script)
        followed = _Followed(run, step, attempt, allowed, shell.Running(place, 0), since)
        if had.stayed:
            return _record_end(followed, had.found)
        why, state = "its terminal went away", _left(followed, had.found)
        return run.record(events.StepInterrupted(step.index, attempt, why, state))
    running = shell.start(place, script)
    failpoints.reach("after-launch", step.index)
    return _follow(_Followed(run, step, attempt, allowed, running, since))


def _script(
    run: local.Run, step: model.PlannedStep, place: shell.Attempt, *, watched: bool
) -> shell.Script:
    """What the shell is given: the step's own text, or the process that carries its kind out."""
    if local_outside.is_one(step):
        return local_outside.script(run, step, place, run.before())
    return shell.Script(step.text, run.before(), run.world.environment, watched=watched)


def settle(run: local.Run, unsettled: decide.Settle) -> events.Event:
    """A start has no result: take the result, attach to the step, or say that it is in doubt."""
    step, attempt = unsettled.step, unsettled.attempt
    place = attempt_of(run, step, attempt)
    same_boot = unsettled.boot == processes.boot()
    found = shell.find(
        place, same_boot=same_boot, ticks=run.world.clock, watched=must_be_watched(step)
    )
    since = run.world.clock.monotonic()
    allowed = local_outside.allowed(step, unsettled.allowed)
    match found:
        case shell.NeverBegan():
            return run.record(events.StepNeverBegan(step.index, attempt))
        case shell.Lost():
            local_output.keep(run, step, place, drawn=allowed.terminal)
            why = local_outside.lost(step, place)
            return run.record(events.StepInDoubt(step.index, attempt, why))
        case shell.Running():
            run.record(events.StepAttached(step.index, attempt))
            return _follow(_Followed(run, step, attempt, allowed, found, since))
        case shell.Ended():
            idle = shell.Running(place, 0)
            followed = _Followed(run, step, attempt, allowed, idle, since)
            local_output.follower(run, step, place).end()
            return _record_end(followed, found)


def _follow(followed: _Followed) -> events.Event:
    """Show what the step prints until it ends, its time is out, or somebody wants it stopped."""
    run, world, running = followed.run, followed.run.world, followed.running
    follower = local_output.follower(run, followed.step, running.attempt)
    limit = followed.allowed.seconds
    out_of_time = False

    def awake() -> bool:
        nonlocal out_of_time
        failpoints.reach("while-running", followed.step.index)
        follower.catch_up()
        local_outside.relay(world, followed.step, running.attempt)
        world.listener.printed(b"")
        now = world.clock.monotonic()
        out_of_time = limit is not None and now - followed.since > limit
        if out_of_time or world.interruption.count or world.interruption.gone:
            return False
        return run.awake()

    found = shell.wait(running, awake)
    if isinstance(found, shell.Running) and not world.interruption.gone:
        found = _stop(followed, follower, gently=out_of_time)
        follower.end()
        return _record_stopped(followed, found, out_of_time=out_of_time)
    follower.end()
    if isinstance(found, shell.Running):
        return run.record(events.Interrupted(f"{world.interruption.why}; the step goes on"))
    return _record_end(followed, found)


def _stop(followed: _Followed, follower: output.Follower, *, gently: bool) -> shell.Found:
    """End the step with all its processes; a second Ctrl-C does not wait for them."""
    world, running = followed.run.world, followed.running
    pid, mark = running.pid, running.attempt.mark
    seconds = 0.0 if world.interruption.count > 1 else GRACE_SECONDS
    processes.stop(
        pid,
        mark,
        ticks=_Impatient(world),
        seconds=seconds,
        gently=gently,
        watched=running.watched,
        silently=bool(followed.run.state.exit_trap),
    )
    until = world.clock.monotonic() + GRACE_SECONDS

    def awake() -> bool:
        follower.catch_up()
        return world.clock.monotonic() < until

    return shell.wait(running, awake)


class _Impatient:
    """The clock of a person who may press Ctrl-C again: then time is out at once."""

    def __init__(self, world: local_world.World) -> None:
        self._world = world
        self.now = world.clock.now
        self.sleep = world.clock.sleep

    def monotonic(self) -> float:
        """The clock's seconds, or the end of all time."""
        hurry = self._world.interruption.count > 1
        return float("inf") if hurry else self._world.clock.monotonic()


def _record_stopped(followed: _Followed, found: shell.Found, *, out_of_time: bool) -> events.Event:
    run, step = followed.run, followed.step
    if not out_of_time:
        local_output.keep(run, step, followed.running.attempt, drawn=False)
        why = local_outside.stopped(step, found)
        state = _left(followed, found)
        return run.record(events.StepInterrupted(step.index, followed.attempt, why, state))
    seconds = followed.allowed.seconds or 0.0
    code = found.exit if isinstance(found, shell.Ended) else os.EX_TEMPFAIL
    if followed.allowed.window:
        meaning = f"shown for {seconds:g} s, then stopped: it never ends by itself"
        return _record(followed, code, events.Verdict.WINDOW, meaning)
    meaning = f"it took longer than {seconds:g} s and was stopped"
    return _record(followed, code, events.Verdict.LIMIT, meaning)


def _record_end(followed: _Followed, found: shell.Found) -> events.Event:
    if not isinstance(found, shell.Ended):
        why = local_outside.lost(followed.step, followed.running.attempt)
        event = events.StepInDoubt(followed.step.index, followed.attempt, why)
        return followed.run.record(event)
    code = found.exit
    if local_outside.is_one(followed.step):
        return _record_outside(followed, code)
    if code == 0:
        return _record(followed, 0, events.Verdict.OK, "")
    if code in followed.step.fine_exits:
        return _record(followed, code, events.Verdict.FINE, followed.step.fine_exits[code])
    if code == driver.LOST_FOLDER and not _printed(followed):
        meaning = "the folder that earlier steps were in is gone, or their state does not fit"
        return _record(followed, code, events.Verdict.FAILED, meaning)
    return _record(followed, code, events.Verdict.FAILED, _meaning(code))


def _record_outside(followed: _Followed, code: int) -> events.Event:
    """Our own process says itself how it ended, and when it does not know."""
    run, step = followed.run, followed.step
    said = local_outside.meaning(step, followed.running.attempt)
    meaning = run.world.masker.text(said)
    if code == ended.Exit.IN_DOUBT:
        why = meaning or "it does not know itself whether it counts"
        return run.record(events.StepInDoubt(step.index, followed.attempt, why))
    if code == ended.Exit.DONE:
        return _record(followed, code, events.Verdict.OK, meaning)
    return _record(followed, code, events.Verdict.FAILED, meaning or _meaning(code))


def _left(followed: _Followed, found: shell.Found) -> str | None:
    """The shell's state after a step that left it; our own processes set no trap off."""
    outside = local_outside.is_one(followed.step)
    return None if outside else local_exit_trap.after(followed.run, found)


def _printed(followed: _Followed) -> bool:
    return output.size(followed.running.attempt.output) > 0


SIGNALLED = 128


def _meaning(code: int) -> str:
    if code == 127:  # noqa: PLR2004  (bash's own number)
        return "exit 127: a command was not found"
    if code == 126:  # noqa: PLR2004  (bash's own number)
        return "exit 126: a command could not be executed"
    if code > SIGNALLED:
        return f"exit {code}: ended by signal {code - SIGNALLED}"
    return f"exit {code}"


def _record(followed: _Followed, code: int, verdict: events.Verdict, meaning: str) -> events.Event:
    """Measure and mask what was printed, then commit the result."""
    run, world = followed.run, followed.run.world
    place = followed.running.attempt
    local_output.learn(run, followed.step, place)
    printed = local_output.keep(run, followed.step, place, drawn=followed.allowed.terminal)
    after = local_secrets.state(run, place)
    run.kept.save()
    failpoints.reach("before-result-commit", followed.step.index)
    event = events.StepFinished(
        step=followed.step.index,
        attempt=followed.attempt,
        exit=code,
        verdict=verdict,
        meaning=meaning,
        seconds=round(world.clock.monotonic() - followed.since, 3),
        size=printed.size,
        sha256=printed.sha256,
        tail=printed.tail,
        state=after.text if after else _left(followed, shell.Ended(code)),
        exit_trap=world.masker.text(after.exit_trap) if after else "",
    )
    run.record(event)
    failpoints.reach("after-result-commit", followed.step.index)
    shell.tidy(place)
    return event
