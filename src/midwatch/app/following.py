"""The use case behind `midwatch transcript --follow`: a run as it goes on, seen from elsewhere."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Protocol

from midwatch.app import masking, running
from midwatch.base import clock, errors
from midwatch.db import place
from midwatch.engine import local_steps
from midwatch.plugs.steps import output
from midwatch.runs import events, journal, state

LOOK_SECONDS = 0.1
HIDDEN = "What it prints is shown when it has ended: it may hold a secret that is not known here."


class Listener(Protocol):
    """Whoever shows what happens."""

    def began(self, run_id: str, planned: events.Recorded) -> None:
        """The run and its plan, before anything else."""

    def happened(self, recorded: events.Recorded) -> None:
        """Something was written down."""

    def printed(self, data: bytes) -> None:
        """The step printed this; nothing, where it goes on in silence."""

    def noticed(self, sentence: str) -> None:
        """Something worth saying that is no event of its own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Over:
    """A run that was followed to its end."""

    run_id: str
    standing: state.State
    took: datetime.timedelta


def follow(run: str, listener: Listener) -> Over:
    """Show all that happened and goes on to happen, until the run is over."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(run)
    recorded = records.read(run_id)
    listener.began(run_id, recorded[0])
    following = _Following(run_id, recorded[0].event, listener)
    for each in recorded[1:]:
        following.happened(each, live=each is recorded[-1])
    seq, ticks = recorded[-1].seq, clock.SystemClock()
    while not following.over:
        following.look()
        ticks.sleep(LOOK_SECONDS)
        for each in records.read(run_id, since=seq + 1):
            following.happened(each, live=True)
            seq = each.seq
    whole = records.read(run_id)
    return Over(run_id, state.fold(whole), whole[-1].at - whole[0].at)


class _Following:
    """One run that is followed, and the output of the step that it is in."""

    def __init__(self, run_id: str, planned: events.Event, listener: Listener) -> None:
        if not isinstance(planned, events.Planned):
            raise errors.BugError(f"The journal of run {run_id} does not begin with its plan.")
        self.over = False
        self._plan = planned.plan
        self._run_id = run_id
        self._folder = running.folder_of(run_id)
        self._listener = listener
        self._follower: output.Follower | None = None

    def happened(self, recorded: events.Recorded, *, live: bool) -> None:
        """Show the event, after all that the step printed before it."""
        event = recorded.event
        if isinstance(event, events.Replanned):
            self._plan = event.plan
        if isinstance(event, events.StepFinished | events.StepInterrupted):
            self._end(event)
        self._listener.happened(recorded)
        if isinstance(event, events.StepStarted | events.StepAttached) and live:
            self._begin(event.step, event.attempt)
        self.over = isinstance(event, events.Finished)

    def look(self) -> None:
        """Show what the step printed since."""
        if self._follower is not None:
            self._follower.catch_up()
        self._listener.printed(b"")

    def _begin(self, index: int, attempt: int) -> None:
        step = self._plan.steps[index]
        masker = masking.of(self._plan, self._folder)
        if masker is None or step.captures or step.reveals:
            self._listener.noticed(HIDDEN)
            return
        path = local_steps.named(self._folder, self._run_id, index, attempt).output
        self._follower = output.Follower(path, masker, self._listener.printed)

    def _end(self, event: events.StepFinished | events.StepInterrupted) -> None:
        if self._follower is not None:
            self._follower.end()
            self._follower = None
        elif isinstance(event, events.StepFinished):
            self._listener.printed(event.tail.encode("utf-8", "replace"))
