"""Looking first: the read-only commands that show what a step will touch, before it is approved."""

from __future__ import annotations

import contextlib
import hashlib
import re
from typing import TYPE_CHECKING

from midwatch.engine import local_steps
from midwatch.plugs.steps import output, processes, shell
from midwatch.runs import events, model, secrets

if TYPE_CHECKING:
    from midwatch.engine import local

SECONDS = 10.0
"""A look that takes longer is no look."""
LINES = 20
KILOBYTE = 1024
MOST_KILOBYTES = 4096
"""What is larger is not kept: the disk may be what is in trouble."""
WORD = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_.:/@%+=,-]{0,200}")


def look(run: local.Run, step: model.PlannedStep) -> events.Looked:
    """Run the step's looks with the step's own state; nothing of them stays."""
    world = run.world
    place = _place(run, step, "look")
    text = "\n".join(step.looks)
    since = world.clock.monotonic()
    found = _carried_out(run, place, text, since)
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


def remember(
    run: local.Run, step: model.PlannedStep, recording: model.Recording
) -> events.Remembered:
    """Write down what the recording's command prints; where it fails, that it did."""
    world, number = run.world, len(run.state.remembered) + 1
    place = _place(run, step, f"was-{number}")
    text = f"ulimit -f {MOST_KILOBYTES}\n{{ {recording.record}\n}} 2>/dev/null"
    found = _carried_out(run, place, text, world.clock.monotonic())
    data = place.output.read_bytes() if output.size(place.output) else b""
    why = _why_not(found, data, world.masker)
    shell.tidy(place)
    if why:
        place.output.unlink(missing_ok=True)
        return events.Remembered(step.index, recording.record, why)
    return events.Remembered(
        step=step.index,
        text=recording.record,
        word=_word(data) if "{recorded}" in recording.restore else "",
        file=place.output.name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _why_not(found: shell.Found, data: bytes, masker: secrets.Masker) -> str:
    """Why what was printed is not kept."""
    if not isinstance(found, shell.Ended):
        return "it took too long"
    if len(data) >= MOST_KILOBYTES * KILOBYTE:
        return "it is too large"
    if found.exit:
        return f"exit {found.exit}"
    if masker.whole(data) != data:
        return "it holds a secret"
    return "" if data.strip() else "there was nothing"


def _word(data: bytes) -> str:
    """What was printed, where it is one word that means nothing to any shell."""
    text = data.decode("utf-8", "replace").strip()
    return text if WORD.fullmatch(text) else ""


def _carried_out(run: local.Run, place: shell.Attempt, text: str, since: float) -> shell.Found:
    """Run it with the step's state; nothing of it stays but what it prints."""
    script = shell.Script(text, run.before_aside(), run.world.environment, watched=False)
    shell.prepare(place, script)
    return _followed(run, shell.start(place, script), since)


def _place(run: local.Run, step: model.PlannedStep, kind: str) -> shell.Attempt:
    """A place of its own, empty: it may be looked at again."""
    name = f"step-{step.index + 1:03d}-{kind}"
    place = shell.Attempt(run.world.folder, name, f"{run.run_id}/{step.index}/{kind}")
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
