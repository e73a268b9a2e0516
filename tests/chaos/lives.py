"""The lives of a Midwatch that is killed: runs whose steps leave a trace, and what became of them.

Every step appends its number to a file, so the file, and not Midwatch, says what was carried out.
Lives are forked, so the programs that use this are programs of their own.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import os
import signal
import time
from pathlib import Path

from midwatch.app import environments
from midwatch.base import clock, ids
from midwatch.commands import model as commands
from midwatch.engine import failpoints, local, local_world
from midwatch.guards import model as guards
from midwatch.plugs.steps import processes
from midwatch.runs import chain, decide, events, journal, model, questions, secrets, state

STEPS = 40
KILLED = -9
IN_DOUBT = 4
CHANGES, READS = "changes", "reads"


class Silent:
    """Shows nothing, answers nothing."""

    def happened(self, recorded: events.Recorded) -> None:
        pass

    def printed(self, data: bytes) -> None:
        pass

    def noticed(self, sentence: str) -> None:
        pass

    def answer(self, question: questions.Question) -> events.Event:
        return events.Waiting(question.step.index, questions.sentence(question))

    def hurried(self) -> bool:
        return False


def plan(folder: Path, count_: int, slow: int | None = None, seconds: float = 0.4) -> model.Plan:
    """Changes, every fourth a read that verifies; each leaves its number, and one takes a while."""
    steps = []
    for index in range(count_):
        reads = index % 4 == 3
        pause = f"sleep {seconds}; " if index == slow else ""
        steps.append(
            model.PlannedStep(
                index=index,
                line=index + 1,
                title=f"step {index}",
                phase="verify" if reads else "resolve",
                kind="shell",
                language="bash",
                text=f"{pause}echo {index} >> {READS if reads else CHANGES}",
                effect=commands.Effect.READ if reads else commands.Effect.CHANGE,
                carrier=model.Carrier.SHELL,
                digest=f"digest-{index}",
            )
        )
    return model.Plan("r.md", "d", "p", "P", "local", tuple(steps), str(folder))


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """One run: where its state lies, what its steps do, and how many there are."""

    folder: Path
    run_id: str
    steps: int

    @property
    def files(self) -> Path:
        """Where what the steps print and how they end lies."""
        return self.folder / "runs" / self.run_id

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.folder / journal.FILE_NAME

    def told(self, name: str) -> list[str]:
        """The numbers that steps left."""
        path = self.folder / "work" / name
        return path.read_text().split() if path.exists() else []

    def standing(self) -> state.State:
        """Where the run stands by its journal."""
        with contextlib.closing(journal.Journal(self.folder)) as records:
            return state.fold(records.read(self.run_id))


def begin(folder: Path, steps: int = STEPS, slow: int | None = None, seconds: float = 0.4) -> Work:
    """Write a run down, as far as its plan."""
    (folder / "work").mkdir(parents=True)
    ticks = clock.SystemClock()
    run_id = ids.run_id(ticks.now())
    with contextlib.closing(journal.Journal(folder)) as records:
        planned = events.Planned(plan(folder / "work", steps, slow, seconds))
        records.create(run_id, ticks.now(), planned)
    return Work(folder, run_id, steps)


def opened(
    work: Work, doubt: events.Doubt | None = None, ticks: clock.Clock | None = None
) -> local.Run:
    """The run as a Midwatch sees it; whether it may carry it out is not asked here."""
    records = journal.Journal(work.folder)
    work.files.mkdir(parents=True, exist_ok=True)
    silent = Silent()
    world = local_world.World(
        journal=records,
        folder=work.files,
        clock=ticks or clock.SystemClock(),
        person=silent,
        listener=silent,
        setting=decide.Setting(attended=False, may=guards.May.CHANGE, in_doubt=doubt),
        interruption=local_world.Interruption(),
        masker=secrets.Masker(()),
        environment=environments.of(os.environ, {}).plain,
        secret_values={},
    )
    return local.Run(work.run_id, records.read(work.run_id), world)


def advance(work: Work, doubt: events.Doubt | None, ready: Path) -> int:
    """One life of Midwatch; its exit code says how it ended."""
    local.own(work.files, work.run_id)
    run = opened(work, doubt)
    if not run.is_new:
        run.record(events.Resumed("a test"))
    ready.write_text(f"{time.monotonic()}")
    return {model.Outcome.SUCCEEDED: 0, model.Outcome.IN_DOUBT: IN_DOUBT}.get(run.carry_out(), 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Life:
    """How a life ended, and how long it took until the run was taken up."""

    code: int
    ready: float | None


def life(
    work: Work,
    doubt: events.Doubt | None = None,
    *,
    seconds: float | None = None,
    failpoint: str | None = None,
    boot: str | None = None,
) -> Life:
    """Fork a Midwatch; kill it after that long, or let it die at a named place."""
    ready = work.folder / "ready"
    ready.unlink(missing_ok=True)
    since = time.monotonic()
    child = os.fork()
    if child == 0:
        if failpoint is not None:
            os.environ[failpoints.VARIABLE] = failpoint
        if boot is not None:
            processes.boot = lambda: boot  # type: ignore[assignment]
        os._exit(advance(work, doubt, ready))
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    at = ready.read_text() if ready.exists() else ""
    return Life(code, float(at) - since if at else None)


def kill_steps(work: Work) -> None:
    """Kill every bash of the run as well, supervisors included."""
    mark = f"{processes.VARIABLE}={work.run_id}/".encode()
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(OSError):
                if mark in (path / "environ").read_bytes():
                    os.kill(int(path.name), signal.SIGKILL)


def truth(work: Work) -> events.Doubt:
    """What a person would see who looks whether the step in doubt was done."""
    steps = work.standing().steps.items()
    (index,) = [index for index, step in steps if step.status is state.Status.IN_DOUBT]
    return events.Doubt.DONE if str(index) in work.told(CHANGES) else events.Doubt.REPEAT


def to_the_end(work: Work, told: collections.Counter[str], *, boot: str | None = None) -> None:
    """Take the run up until it is over; a person settles what is in doubt."""
    ended = life(work, boot=boot)
    while ended.code == IN_DOUBT:
        told["in doubt"] += 1
        ended = life(work, truth(work), boot=boot)
    told["ended"] = ended.code
    count(work, told)


def count(work: Work, told: collections.Counter[str]) -> None:
    """What was carried out, against what should have been; and whether the journal holds."""
    changes, reads = work.told(CHANGES), work.told(READS)
    told["runs"] += 1
    told["lost"] += work.steps - len(set(changes) | set(reads))
    told["changes repeated"] += len(changes) - len(set(changes))
    told["reads repeated"] += len(reads) - len(set(reads))
    told["out of order"] += changes != sorted(changes, key=int)
    with contextlib.closing(journal.Journal(work.folder)) as records:
        entries = records.entries(work.run_id)
    told["broken chains"] += chain.first_break([chain.of(entry) for entry in entries]) is not None
