"""One run on one machine: look where it stands, do one thing, write it down, look again."""

from __future__ import annotations

import dataclasses
import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import clock, errors
from midwatch.db import database
from midwatch.engine import (
    failpoints,
    local_approvals,
    local_checks,
    local_exit_trap,
    local_looks,
    local_secrets,
    local_shells,
    local_steps,
    local_world,
)
from midwatch.plugs.steps import shell_state
from midwatch.runs import answer_book, decide, events, model, questions, state

OWNER = "owner"
LOCK_TRIES = 20
LOCK_SECONDS = 0.02
REQUEST_SECONDS = 0.25
PLACES: Mapping[type[events.Event], str] = {
    events.Resumed: "resume",
    events.Approved: "yes",
    events.StepStarted: "start",
    events.Checked: "check",
    events.Finished: "finish",
}
"""Commits at which a test can end Midwatch."""
WAITS = (model.Outcome.WAITING, model.Outcome.IN_DOUBT)
ENDS = (events.Finished, events.Waiting, events.HandedOver, events.Interrupted)


class OwnedError(errors.WorldError):
    """Another process carries the run out right now."""


def own(folder: Path, run_id: str) -> int:
    """Become the one process that carries the run out; the system lets go when we die."""
    handle = _owner_file(folder)
    if not _locked(handle):
        pid = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
        os.close(handle)
        raise OwnedError(
            f"Run {run_id} is being carried out by process {pid} right now.",
            f"`midwatch stop {run_id}` stops it; `midwatch transcript {run_id}` shows it.",
        )
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    return handle


def _owner_file(folder: Path) -> int:
    place = folder / OWNER
    try:
        return os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
    except FileNotFoundError:  # a new run
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        return os.open(place, os.O_CREAT | os.O_RDWR, 0o600)


def _locked(handle: int) -> bool:
    """Whether the lock is ours; a child of a killed owner may hold it until it becomes bash."""
    ticks = clock.SystemClock()
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            ticks.sleep(LOCK_SECONDS)
        else:
            return True
    return False


def is_owned(folder: Path) -> bool:
    """Whether some process carries the run out right now."""
    try:
        handle = os.open(folder / OWNER, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


class Run:
    """One run being carried out."""

    def __init__(
        self, run_id: str, recorded: list[events.Recorded], world: local_world.World
    ) -> None:
        self.run_id = run_id
        self.state = state.fold(recorded)
        self.world = world
        self.known = shell_state.Known(world.environment, world.secret_values)
        self.kept = local_secrets.Kept(world.folder, world.masker, world.secret_values)
        self._seq = recorded[-1].seq + 1
        self._looked = float("-inf")
        self._stopping = False
        self.recent: list[events.Recorded] = []
        """What happened since the step that is carried out now was first started."""
        for each in recorded:
            self._remember(each)

    @property
    def is_new(self) -> bool:
        """Whether nothing has happened yet but that it was planned."""
        return self._seq == 1

    def carry_out(self) -> model.Outcome:
        """Advance until the run is over, waits for a person, or is left."""
        while True:
            event = self.advance()
            if event is None or isinstance(event, ENDS):
                return self.state.outcome

    def stands_still(self) -> bool:
        """Whether it waits for a person, and to take it up would only ask the same again."""
        if self.state.outcome not in WAITS:
            return False
        setting = dataclasses.replace(self.world.setting, now=self.world.clock.now())
        again = state.after(self.state, events.Resumed(""))
        match decide.next_action(again, setting):
            case decide.Wait(_, question):
                return local_approvals.arrived(self, question) is None
            case _:
                return False

    def advance(self) -> events.Event | None:
        """Do one thing and write it down; None when there is nothing left to do."""
        if self._asked_to_leave():
            return self.record(events.Interrupted(self.world.interruption.why))
        if self._stop_requested():
            return self._stop()
        setting = dataclasses.replace(self.world.setting, now=self.world.clock.now())
        return self._act(decide.next_action(self.state, setting))

    def _act(  # noqa: C901, PLR0912  (one case for each action)
        self, action: decide.Action
    ) -> events.Event | None:
        match action:
            case decide.Record(event):
                return self.record(event)
            case decide.Wait(event, question):
                found = local_approvals.arrived(self, question)
                return self._take(found or local_approvals.waiting(self, event, question))
            case decide.Ask(question):
                answer = self._answer(question)
                if isinstance(answer, questions.OpenShell):
                    return local_shells.open_(self, answer.step)
                return self._take(answer)
            case decide.Await(question):
                yes = local_approvals.wait(self, question)
                return self._take(yes) if yes else self.advance()
            case decide.Check(step, attempt):
                return self.record(local_checks.check(self, step, attempt))
            case decide.Repeat() as wanted:
                return local_checks.again(self, wanted) or self.advance()
            case decide.Look(step):
                return self.record(local_looks.look(self, step))
            case decide.Remember(step, recording):
                return self.record(local_looks.remember(self, step, recording))
            case decide.Save(step):
                return self.record(local_steps.save(self, step))
            case decide.Start(step, attempt, allowed):
                return local_steps.carry_out(self, step, attempt, allowed)
            case decide.Settle() as unsettled:
                return local_steps.settle(self, unsettled)
            case decide.LeaveShell() as wanted:
                return local_exit_trap.leave(self, wanted)
            case decide.SettleShell(opened):
                return local_shells.settle(self, opened)
            case decide.Nothing():
                return None

    def _stop(self) -> events.Event:
        """End here, as somebody asked for; what the author left for the end runs first."""
        finished = events.Finished(model.Outcome.STOPPED, "`midwatch stop` was asked for")
        while not self._asked_to_leave():
            action = decide.over(self.state, finished)
            if not isinstance(action, decide.LeaveShell):
                break
            local_exit_trap.leave(self, action)
        return self.record(finished)

    def written(self) -> str:
        """The state of the run's shell as it may be written down."""
        return self.state.shell or local_world.first_state(self.state.plan)

    def before(self) -> str:
        """What brings a fresh shell to where the run's shell is, secrets included."""
        return self.kept.restored(self.run_id, self.written())

    def before_aside(self) -> str:
        """The same for what is no step: the author's EXIT trap is not set off by it."""
        before = self.before()
        return shell_state.without_exit_trap(before) if self.state.exit_trap else before

    def _take(self, answer: events.Event | local_approvals.Arrived) -> events.Event:
        """Write an answer down; one from elsewhere is used up in the same breath."""
        if isinstance(answer, local_approvals.Arrived):
            return self.record(answer.event, answer_book.take(answer.number))
        return self.record(answer)

    def _answer(
        self, question: questions.Question
    ) -> events.Event | local_approvals.Arrived | questions.OpenShell:
        found = local_approvals.arrived(self, question)
        if found is not None:
            return found
        said = self.world.person.answer(question)
        if isinstance(said, questions.LookFirst):
            return local_looks.look(self, said.step)
        if isinstance(said, questions.OpenShell):
            return said
        return local_approvals.signed(self, said)

    def record(self, event: events.Event, *also: database.Statement) -> events.Event:
        """Commit the event, and what else belongs to it, then let it count."""
        place, step = PLACES.get(type(event), ""), getattr(event, "step", -1)
        failpoints.reach(f"before-{place}-commit", step)
        at = self.world.clock.now()
        self.world.journal.append(self.run_id, self._seq, at, event, *also)
        failpoints.reach(f"after-{place}-commit", step)
        self.state = state.after(self.state, event)
        if self.state.outcome is model.Outcome.SUCCEEDED:
            self.kept.forget()
        recorded = events.Recorded(self._seq, at, event)
        self._seq += 1
        self._remember(recorded)
        self.world.listener.happened(recorded)
        return event

    def _remember(self, recorded: events.Recorded) -> None:
        event = recorded.event
        started = {
            each.event.step for each in self.recent if isinstance(each.event, events.StepStarted)
        }
        if isinstance(event, events.StepStarted) and {event.step} != started:
            self.recent.clear()
        self.recent.append(recorded)

    def awake(self) -> bool:
        """Whether to go on waiting for a step: nobody asked for anything else."""
        return not (self._asked_to_leave() or self._stop_requested())

    def _asked_to_leave(self) -> bool:
        return self.world.interruption.count > 0 or self.world.interruption.gone

    def _stop_requested(self) -> bool:
        """Whether another process asked, ever; looked up a few times a second."""
        world = self.world
        now = world.clock.monotonic()
        if not self._stopping and now - self._looked >= REQUEST_SECONDS:
            self._looked = now
            self._stopping = world.journal.requested(self.run_id, "stop", world.last_request)
        return self._stopping
