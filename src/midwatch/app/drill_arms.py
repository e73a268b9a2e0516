"""Who deals with a fault in a rehearsal: nobody, Midwatch, or somebody who pastes."""

from __future__ import annotations

import dataclasses
import os
import sys
import threading
from collections.abc import Callable, Mapping

from midwatch.app import pasting, running
from midwatch.base import errors
from midwatch.engine import local_world, rehearsal_world
from midwatch.plugs.drills import commands
from midwatch.runs import events, questions

PATIENCE = 20.0
"""Seconds in which a run that is asked to leave has left."""


class Nobody:
    """Doing nothing: what heals so is no credit to a runbook."""

    run_id = ""
    first_step: str | None = None
    outcome: str | None = None

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def begin(self) -> None:
        """There is nothing to begin."""

    def stop(self) -> None:
        """There is nothing to stop."""


Find = Callable[[], Mapping[str, str]]
"""What a person reads from the diagnosis: inputs that are known only once it is broken."""


class Paster:
    """Somebody who pastes the procedure's blocks into a shell, one after the other."""

    run_id = ""

    def __init__(
        self,
        paste: Callable[[Mapping[str, str]], pasting.Pasted],
        find: Find,
        place: commands.Place,
    ) -> None:
        self._paste = paste
        self._find = find
        self._place = place
        self._running: commands.Running | None = None
        self.first_step: str | None = None

    @property
    def outcome(self) -> str | None:
        """The exit code of the shell; of what went wrong on the way it says nothing."""
        code = self._running.exit() if self._running is not None else None
        return None if code is None else f"exit {code}"

    def prepare(self) -> None:
        """The text is ready."""

    def begin(self) -> None:
        """Paste it."""
        pasted = self._paste(self._find())
        place = dataclasses.replace(
            self._place, environment={**self._place.environment, **pasted.variables}
        )
        self._running = commands.paste(pasted.text, place)
        self.first_step = "pasted"

    def stop(self) -> None:
        """Close the shell."""
        if self._running is not None:
            self._running.stop()


class Runner:
    """Midwatch itself: a real run, unattended, on record like any other."""

    def __init__(self, wish: running.Wish, find: Find) -> None:
        self._wish = wish
        self._find = find
        self._leave = local_world.Interruption()
        self._known = threading.Event()
        self._go = threading.Event()
        self._thread = threading.Thread(target=self._carry_out, daemon=True)
        self.run_id = ""
        self.first_step: str | None = None
        self.outcome: str | None = None

    def prepare(self) -> None:
        """Plan the run and record it; its first step waits for `begin`."""
        self._thread.start()
        self._known.wait()

    def begin(self) -> None:
        """Let the first step begin."""
        self._go.set()

    def stop(self) -> None:
        """Ask it to leave, twice if need be; the step it is in is ended."""
        self._go.set()
        for _ in range(2):
            self._leave.ask()
            self._thread.join(PATIENCE)
            if not self._thread.is_alive():
                return

    def _carry_out(self) -> None:
        ended = ""
        try:
            ended = self._run()
        except errors.MidwatchError as error:
            ended = f"could not go on: {error.message}"
        finally:
            bug = sys.exc_info()[1]
            self.outcome = ended or f"a bug in Midwatch: {type(bug).__name__}: {bug}"
            self._known.set()

    def _run(self) -> str:
        wish = dataclasses.replace(self._wish, given={**self._wish.given, **self._find()})
        prepared = running.prepare(wish)
        missing = ", ".join(each.name for each in prepared.missing)
        if missing:
            return f"could not begin: inputs are missing: {missing}"
        faces = running.Faces(_Alone(), _Listener(self._heard), self._leave, self._began)
        begun = running.begin(prepared, wish.given, faces)
        try:
            begun.run.carry_out()
        finally:
            os.close(begun.owner)
        standing = begun.run.state
        reason = standing.finished.reason if standing.finished is not None else ""
        return str(standing.outcome) + (f": {reason}" if reason else "")

    def _began(self, run_id: str, _: events.Recorded) -> None:
        self.run_id = run_id
        self._known.set()
        self._go.wait()

    def _heard(self, recorded: events.Recorded) -> None:
        if isinstance(recorded.event, events.StepStarted) and self.first_step is None:
            self.first_step = f"step {recorded.event.step + 1}"


class _Alone:
    """Nobody answers; the run waits, and that counts as not healed unless the probe says so."""

    def answer(self, question: questions.Question) -> events.Event:
        """Wait for somebody who does not come."""
        return events.Waiting(question.step.index, questions.sentence(question))

    def hurried(self) -> bool:
        """Nobody presses anything."""
        return False


class _Listener:
    """Hears when the first step begins; what it prints is in the run's own transcript."""

    def __init__(self, heard: Callable[[events.Recorded], None]) -> None:
        self._heard = heard

    def happened(self, recorded: events.Recorded) -> None:
        """Something was written down."""
        self._heard(recorded)

    def printed(self, data: bytes) -> None:
        """It is in the transcript."""

    def noticed(self, sentence: str) -> None:
        """It is no event."""


NOBODY: rehearsal_world.Arm = Nobody()
