"""Kills Midwatch at random moments of forty-step runs, and takes each run up again to its end.

Run as a program of its own, because it forks. It prints one JSON object with what it counted. Every
step appends its number to a file, so the file, and not Midwatch, says what was carried out.
"""

from __future__ import annotations

import collections
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from midwatch.app import environments
from midwatch.base import clock, ids
from midwatch.commands import model as commands
from midwatch.engine import failpoints, local, local_world
from midwatch.guards import model as guards
from midwatch.plugs.steps import processes
from midwatch.runs import decide, events, journal, model, questions, secrets, state

STEPS = 40
FEW = 5


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


def plan(folder: Path, count_: int, pause: str) -> model.Plan:
    steps = []
    for index in range(count_):
        reads = index % 4 == 3
        text = f"{pause}echo {index} >> {'reads' if reads else 'changes'}"
        steps.append(
            model.PlannedStep(
                index=index,
                line=index + 1,
                title=f"step {index}",
                phase="resolve",
                kind="shell",
                language="bash",
                text=text,
                effect=commands.Effect.READ if reads else commands.Effect.CHANGE,
                carrier=model.Carrier.SHELL,
                digest=f"digest-{index}",
            )
        )
    return model.Plan("r.md", "d", "p", "P", "local", tuple(steps), str(folder))


def advance(run_id: str, folder: Path, doubt: events.Doubt | None) -> int:
    """One life of Midwatch; its exit code says how it ended."""
    records = journal.Journal(folder)
    recorded = records.read(run_id)
    silent = Silent()
    plain = environments.of(os.environ, {}).plain
    world = local_world.World(
        journal=records,
        folder=folder / run_id,
        clock=clock.SystemClock(),
        person=silent,
        listener=silent,
        setting=decide.Setting(attended=False, may=guards.May.CHANGE, in_doubt=doubt),
        interruption=local_world.Interruption(),
        masker=secrets.Masker(()),
        environment=plain,
        secret_values={},
    )
    local.own(folder / run_id, run_id)
    run = local.Run(run_id, recorded, world)
    if len(recorded) > 1:
        run.record(events.Resumed("a test"))
    return {model.Outcome.SUCCEEDED: 0, model.Outcome.IN_DOUBT: 4}.get(run.carry_out(), 1)


def life(
    run_id: str,
    folder: Path,
    doubt: events.Doubt | None,
    seconds: float | None = None,
    *,
    failpoint: str | None = None,
) -> int:
    """Fork a Midwatch; kill it after that long, or let it die at a named place."""
    child = os.fork()
    if child == 0:
        if failpoint is not None:
            os.environ[failpoints.VARIABLE] = failpoint
        os._exit(advance(run_id, folder, doubt))
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_steps(run_id: str) -> None:
    """Kill every bash of the run as well, supervisors included."""
    for path in Path("/proc").iterdir():
        if not path.name.isdigit():
            continue
        try:
            marked = f"{processes.VARIABLE}={run_id}/".encode() in (path / "environ").read_bytes()
            if marked:
                os.kill(int(path.name), signal.SIGKILL)
        except OSError:
            continue


def truth(run_id: str, folder: Path) -> events.Doubt:
    """What a person would see who looks whether the step in doubt was done."""
    standing = state.fold(journal.Journal(folder).read(run_id))
    (index,) = [
        index for index, step in standing.steps.items() if step.status is state.Status.IN_DOUBT
    ]
    path = folder / "work" / "changes"
    done = path.exists() and str(index) in path.read_text().split()
    return events.Doubt.DONE if done else events.Doubt.REPEAT


def begin(work: Path, steps: int = STEPS, pause: str = "") -> str:
    (work / "work").mkdir(parents=True)
    ticks = clock.SystemClock()
    run_id = ids.run_id(ticks.now())
    records = journal.Journal(work)
    records.create(run_id, ticks.now(), events.Planned(plan(work / "work", steps, pause)))
    records.close()
    return run_id


def count(work: Path, told: collections.Counter[str], steps: int = STEPS) -> None:
    changes = (work / "work" / "changes").read_text().split()
    reads = (work / "work" / "reads").read_text().split()
    told["runs"] += 1
    told["lost"] += steps - len(set(changes) | set(reads))
    told["changes repeated"] += len(changes) - len(set(changes))
    told["reads repeated"] += len(reads) - len(set(reads))
    told["out of order"] += changes != sorted(changes, key=int)


def at_random(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Whole runs, killed at random moments until there were enough kills."""
    chance = random.Random(seed)  # noqa: S311  (when to kill is no secret)
    told: collections.Counter[str] = collections.Counter()
    while told["kills"] < kills:
        work = folder / f"{told['runs']}"
        run_id = begin(work)
        code, doubt = -9, None
        while code != 0:
            seconds = chance.uniform(0, 0.25) if told["kills"] < kills else None
            code = life(run_id, work, doubt, seconds)
            doubt = None
            if code == -9:
                told["kills"] += 1
                if chance.random() < 0.4:
                    kill_steps(run_id)
                    told["kills of steps too"] += 1
            elif code == 4:
                told["in doubt"] += 1
                doubt = truth(run_id, work)
            elif code != 0:
                told["unexpected"] += 1
                break
        count(work, told)
    return told


def at_failpoints(folder: Path) -> dict[str, dict[str, int]]:
    """One run for each named place and each kind of step; what resuming it came to."""
    found = {}
    for name in failpoints.NAMES:
        for step in (-1,) if "finish" in name else (0, 3):
            place = f"{name}@{step}"
            work = folder / place
            run_id = begin(work, FEW, "sleep 0.1; " if "running" in name else "")
            told: collections.Counter[str] = collections.Counter()
            told["killed"] = life(run_id, work, None, failpoint=place) == -9
            code = life(run_id, work, None)
            if code == 4:
                told["in doubt"] += 1
                code = life(run_id, work, truth(run_id, work))
            told["ended"] = code
            count(work, told, FEW)
            found[place] = dict(told)
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    if sys.argv[2] == "failpoints":
        sys.stdout.write(json.dumps(at_failpoints(folder)) + "\n")
    else:
        sys.stdout.write(json.dumps(at_random(folder, int(sys.argv[2]), int(sys.argv[3]))) + "\n")


if __name__ == "__main__":
    main()
