"""What a step costs above plain `bash -c true`, both journal commits on disk, beside its peers.

Prints a table; peers that pip cannot install are named. `--no-peers` measures ours alone.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

STEPS = 40
ROUNDS = 5
LINES = 300_000
MIDWATCH = [str(Path(sys.executable).parent / "midwatch")]
SCRATCH = Path(tempfile.gettempdir()) / "midwatch-bench-peers"
WITHOUT_BYTECODE = {"PYTHONDONTWRITEBYTECODE"}
PEERS = {
    "invoke": ["invoke"],
    "pyinfra": ["pyinfra"],
    "papermill + bash kernel": ["papermill", "bash_kernel", "ipykernel"],
    "ansible": ["ansible-core"],
}


def seconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some rounds, the first one not counted."""
    call()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def quiet(command: Sequence[str], folder: Path, **environment: str) -> None:
    """Run a command and keep what it prints to itself."""
    kept = {name: value for name, value in os.environ.items() if name not in WITHOUT_BYTECODE}
    subprocess.run(
        command, cwd=folder, env={**kept, **environment}, capture_output=True, check=True
    )


def runbook(folder: Path, steps: int) -> str:
    """Write a runbook of that many steps; where to run it."""
    text = "# Bench\n\n## Many times\n\n```bash\n" + "# a step\ntrue\n\n" * steps + "```\n"
    name = f"steps-{steps}.md"
    (folder / name).write_text(text)
    return f"{name}#many-times"


def midwatch(folder: Path, steps: int) -> Callable[[], None]:
    """A run of that many steps by Midwatch."""
    where = runbook(folder, steps)
    state = str(folder / "state")
    return lambda: quiet([*MIDWATCH, "run", where], folder, MIDWATCH_STATE=state)


def per_step(make: Callable[[Path, int], Callable[[], None]], folder: Path) -> tuple[float, float]:
    """Milliseconds that each further step costs, and those of the start."""
    few, many = STEPS, STEPS * 3
    first, second = seconds(make(folder, few)), seconds(make(folder, many))
    each = (second - first) / (many - few)
    return each * 1000, (first - each * few) * 1000


def step_times(folder: Path) -> list[float]:
    """Milliseconds from a step's start event to the next one's, by Midwatch's own journal."""
    where = runbook(folder, STEPS * 3)
    kept = {name: value for name, value in os.environ.items() if name not in WITHOUT_BYTECODE}
    ended = subprocess.run(
        [*MIDWATCH, "run", where, "--json"],
        cwd=folder,
        env={**kept, "MIDWATCH_STATE": str(folder / "state")},
        capture_output=True,
        text=True,
        check=True,
    )
    stamps = [
        time.mktime(time.strptime(event["at"][:19], "%Y-%m-%dT%H:%M:%S"))
        + float(event["at"][19:26])
        for event in map(json.loads, ended.stdout.splitlines())
        if event["kind"] == "step-started"
    ]
    return [(later - earlier) * 1000 for earlier, later in itertools.pairwise(stamps)]


def lines(folder: Path) -> tuple[float, float, float]:
    """Seconds for many lines by `bash script | cat` and by Midwatch, and the memory it takes."""
    text = f'for i in {{1..{LINES}}}; do echo "line $i of a log with some words in it"; done'
    (folder / "lines.sh").write_text(text + "\n")
    (folder / "lines.md").write_text(f"# Bench\n\n## Lines\n\n```bash\n{text}\n```\n")
    kept = {name: value for name, value in os.environ.items() if name not in WITHOUT_BYTECODE}
    environment = {**kept, "MIDWATCH_STATE": str(folder / "state")}
    peer = seconds(lambda: quiet(["sh", "-c", "bash lines.sh | cat >/dev/null"], folder), 3)
    words = f"{' '.join(MIDWATCH)} run lines.md#lines | cat >/dev/null"
    ours = seconds(lambda: quiet(["sh", "-c", words], folder, **environment), 3)
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [*MIDWATCH, "run", "lines.md#lines"], cwd=folder, env=environment, stdout=printed
        )
        _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return peer, ours, used.ru_maxrss / 1024


def plain(folder: Path) -> list[float]:
    """Milliseconds of each plain bash."""
    found = []
    for _ in range(STEPS * 5):
        began = time.perf_counter()
        subprocess.run(["bash", "-c", "true"], cwd=folder, check=True)
        found.append((time.perf_counter() - began) * 1000)
    return found


def invoke(folder: Path, steps: int) -> Callable[[], None]:
    """The same by invoke."""
    (folder / "tasks.py").write_text(
        "from invoke import task\n\n@task\ndef steps(c, n):\n"
        "    for _ in range(int(n)):\n        c.run('true')\n"
    )
    program = str(SCRATCH / "bin" / "invoke")
    return lambda: quiet([program, "steps", str(steps)], folder)


def pyinfra(folder: Path, steps: int) -> Callable[[], None]:
    """The same by pyinfra, on this machine."""
    (folder / f"deploy{steps}.py").write_text(
        "from pyinfra.operations import server\n"
        f"for n in range({steps}):\n    server.shell(name=f'step {{n}}', commands=['true'])\n"
    )
    program = str(SCRATCH / "bin" / "pyinfra")
    return lambda: quiet([program, "-y", "@local", f"deploy{steps}.py"], folder)


def papermill(folder: Path, steps: int) -> Callable[[], None]:
    """The same as a notebook with a bash kernel."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    cells = [{**cell, "id": f"c{n}", "source": "true"} for n in range(steps)]
    kernel = {"kernelspec": {"name": "bash", "display_name": "Bash", "language": "bash"}}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
    (folder / f"book{steps}.ipynb").write_text(json.dumps(book))
    program = str(SCRATCH / "bin" / "papermill")
    path = f"{SCRATCH / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return lambda: quiet([program, f"book{steps}.ipynb", "out.ipynb"], folder, PATH=path)


def ansible(folder: Path, steps: int) -> Callable[[], None]:
    """The same as a playbook on this machine."""
    tasks = [{"name": f"step {n}", "ansible.builtin.shell": "/bin/true"} for n in range(steps)]
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    (folder / f"play{steps}.json").write_text(json.dumps(play))
    program = str(SCRATCH / "bin" / "ansible-playbook")
    python = f"ansible_python_interpreter={SCRATCH / 'bin' / 'python'}"
    return lambda: quiet([program, "-i", "localhost,", "-e", python, f"play{steps}.json"], folder)


MAKERS = {
    "invoke": invoke,
    "pyinfra": pyinfra,
    "papermill + bash kernel": papermill,
    "ansible": ansible,
}


def install(name: str) -> bool:
    """Put a peer into the scratch environment, where pip can."""
    if not (SCRATCH / "bin" / "python").exists():
        venv.create(SCRATCH, with_pip=True)
    python = str(SCRATCH / "bin" / "python")
    ended = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-input", *PEERS[name]],
        capture_output=True,
        check=False,
    )
    if ended.returncode == 0 and "bash_kernel" in PEERS[name]:
        command = [python, "-m", "bash_kernel.install", "--prefix", str(SCRATCH)]
        ended = subprocess.run(command, capture_output=True, check=False)
    return ended.returncode == 0


def line(name: str, each: float, start: float | None) -> None:
    """Print one line of the table."""
    begin = f"{start:8.0f} ms" if start is not None else "          "
    print(f"{name:<34} {each:8.2f} ms {begin}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="midwatch-bench-"))
    print(f"{'':<34} {'a step':>11} {'start':>11}   load {os.getloadavg()[0]:.1f}")
    bash = statistics.median(plain(folder))
    line("subprocess.run(bash -c true)", bash, None)
    each, start = per_step(midwatch, folder)
    line("midwatch run, whole process", each, start)
    middle = statistics.median(step_times(folder))
    line("midwatch run, p50 start to start", middle, None)
    print(f"{'above bash -c true':<34} {middle - bash:8.2f} ms")
    peer, ours, held = lines(folder)
    print(f"{f'{LINES:,} lines by bash script | cat':<34} {peer:8.2f} s")
    print(f"{f'{LINES:,} lines by midwatch run':<34} {ours:8.2f} s   {held:6.0f} MiB at most")
    twenty = seconds(midwatch(folder, 20))
    print(f"{'midwatch run of 20 steps':<34} {twenty * 1000:8.0f} ms in all")
    for name in () if arguments.no_peers else PEERS:
        if not install(name):
            print(f"{name:<34} could not be installed")
            continue
        try:
            line(name, *per_step(MAKERS[name], folder))
        except subprocess.CalledProcessError as error:
            print(f"{name:<34} failed: {error.stderr.decode(errors='replace').strip()[-100:]}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
