"""Many runs in one process: what those cost that wait on a person, and how fast quick ones end.

Prints memory and the share of a core for runs that wait, then how long it takes to carry as many
runs of three quick steps out to the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

from midwatch.app import hosting, running
from midwatch.runs import hosted, model

TERMS = hosted.Terms(actor="bench")
SECONDS = 10.0
MIB = 1 << 20


def runbook(folder: Path) -> tuple[str, str]:
    """Two procedures: one that wants a person, one that does not."""
    path = folder / "RUNBOOK.md"
    quick = "".join(f"```bash\necho {number}\n```\n\n" for number in range(3))
    path.write_text(f"# Bench\n\n## Ask\n\n```bash\ntouch changed\n```\n\n## Quick\n\n{quick}")
    return f"{path}#ask", f"{path}#quick"


def memory() -> float:
    """What this process holds right now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / MIB


def busy() -> float:
    """Seconds that this process and its children have spent on a core so far."""
    spent = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


class Counting(hosting.Quiet):
    """Counts the runs that have come to wait."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.all = asyncio.Event()

    def stood(self, run_id: str, outcome: model.Outcome) -> None:
        """One more waits."""
        del run_id
        self.left -= outcome is model.Outcome.WAITING
        if not self.left:
            self.all.set()


async def waiting(runs: hosting.Hosting, all_: asyncio.Event, address: str, count: int) -> None:
    """So many runs that wait for a yes: memory, and the share of a core."""
    before, began = memory(), time.perf_counter()
    for _ in range(count):
        await runs.start(running.Wish(address, asked_by=""), TERMS)
    await all_.wait()
    took = time.perf_counter() - began
    used, at = busy(), time.perf_counter()
    await asyncio.sleep(SECONDS)
    share = (busy() - used) / (time.perf_counter() - at)
    print(f"{count} runs planned, begun and waiting in          {took:8.1f} s")
    print(f"  the process holds                              {memory():8.0f} MiB")
    print(f"  more than before they were there               {memory() - before:8.1f} MiB")
    print(f"  share of a core while they wait                {share:8.2%}")


async def quick(runs: hosting.Hosting, address: str, count: int) -> None:
    """So many runs of three steps, all at once, carried out to the end."""
    began, used = time.perf_counter(), busy()
    wish = running.Wish(address, asked_by="")
    names = [await runs.start(wish, TERMS) for _ in range(count)]
    planned = time.perf_counter() - began
    outcomes = await asyncio.gather(*(runs.host.finished(name) for name in names))
    took = time.perf_counter() - began
    good = outcomes.count(model.Outcome.SUCCEEDED)
    print(f"{count} runs of 3 quick steps, {good} succeeded, in      {took:8.1f} s")
    print(f"  until the last one was planned                 {planned:8.1f} s")
    print(f"  seconds of a core, children included           {busy() - used:8.1f} s")
    print(f"  the process holds at most                      {_peak():8.0f} MiB")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB


async def measure(folder: Path, count: int) -> None:
    """Both figures in one process."""
    ask, three = runbook(folder)
    counting = Counting(count)
    runs = hosting.Hosting(counting)
    serving = asyncio.create_task(runs.host.serve())
    print(f"{'':<46}   load {os.getloadavg()[0]:.1f}")
    await waiting(runs, counting.all, ask, count)
    await quick(runs, three, count)
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    await runs.close()


def main() -> None:
    """Measure in a folder of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="midwatch-many-"))
    os.environ["MIDWATCH_STATE"] = str(folder / "state")
    asyncio.run(measure(folder, arguments.count))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
