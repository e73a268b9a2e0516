"""A shell for a person, at a step that failed: with the run's state, and on record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.engine import local_terminals
from midwatch.plugs.steps import output, processes, shell, shell_changes
from midwatch.runs import computed_secrets, events, model, shell_events

if TYPE_CHECKING:
    from midwatch.engine import local

STRANGE = re.compile(r"[^A-Za-z0-9_.:@/-]")


def named(folder: Path, run_id: str, step: int, number: int) -> shell.Attempt:
    """Where the shell's files lie, and the mark its processes carry."""
    name = f"step-{step + 1:03d}-shell-{number}"
    return shell.Attempt(folder, name, f"{run_id}/{step}/shell/{number}")


def open_(run: local.Run, step: model.PlannedStep) -> events.Event:
    """Hand the person a shell, until they leave it."""
    world, number = run.world, run.state.shell_count + 1
    place = named(world.folder, run.run_id, step.index, number)
    script = shell.Script("", run.before(), world.environment, prompt=_prompt(run, step))
    shell.prepare(place, script)
    by = world.setting.actor or "a person"
    run.record(shell_events.ShellOpened(step.index, number, processes.boot(), by))
    since = world.clock.monotonic()
    found = local_terminals.hand(run, place, script).found
    return _closed(run, step.index, number, place, found, seconds=world.clock.monotonic() - since)


def _prompt(run: local.Run, step: model.PlannedStep) -> str:
    """Where the person is, on every line: the run, the step, the target."""
    told = (run.run_id[-4:], f"{step.index + 1}/{len(run.state.plan.steps)}", run.state.plan.target)
    return f"midwatch {' '.join(STRANGE.sub('?', each) for each in told)} \\w\\$ "


def settle(run: local.Run, opened: shell_events.ShellOpened) -> events.Event:
    """Midwatch went away while a person was in the shell: end it, and take what is known."""
    place = named(run.world.folder, run.run_id, opened.step, opened.number)
    same_boot = opened.boot == processes.boot()
    found = shell.find(place, same_boot=same_boot, ticks=run.world.clock)
    if isinstance(found, shell.Running):
        found = local_terminals.end(run, found)
    return _closed(run, opened.step, opened.number, place, found, seconds=0.0)


def _closed(
    run: local.Run,
    step: int,
    number: int,
    place: shell.Attempt,
    found: shell.Found,
    *,
    seconds: float,
) -> events.Event:
    """Record the end, with what the person changed; our own files of it go."""
    changes = shell.changes(place) or shell_changes.Changes()
    run.kept.learn(computed_secrets.found(changes.values, run.state.plan, frozenset()))
    lines = [run.kept.hide(line) for line in changes.lines]
    left = "\n".join((run.written().rstrip("\n"), *lines, ":\n")) if lines else None
    printed = output.keep_drawn(place.output, run.world.masker)
    run.kept.save()
    event = shell_events.ShellClosed(
        step=step,
        number=number,
        exit=found.exit if isinstance(found, shell.Ended) else None,
        seconds=round(seconds, 3),
        size=printed.size,
        sha256=printed.sha256,
        tail=printed.tail,
        changed=tuple(run.world.masker.text(name) for name in changes.names),
        left=left,
        exit_trap=run.state.exit_trap,
    )
    run.record(event)
    shell.tidy(place)
    return event
