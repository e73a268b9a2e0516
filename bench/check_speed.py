"""How fast `midwatch check` is, beside shellcheck and markdownlint on the same files.

    python bench/check_speed.py [--shellcheck PROGRAM] [--markdownlint PROGRAM]

Whole processes are timed, start-up included, cold (nothing kept) and warm (everything kept); the
editor's loop is one file checked again and again in a warm process, with another byte each time so
that nothing kept can answer. shellcheck gets the shell blocks of the same files, one file a block,
in one call; markdownlint the Markdown. The machine's load is printed, since it decides much.
"""

from __future__ import annotations

import argparse
import os
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


def timed(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """The seconds a program takes, whatever it finds."""
    start = time.perf_counter()
    subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - start


def editor_loop() -> tuple[float, float]:
    """The median and the slowest time of one file in a warm process, in seconds."""
    data, chosen = SEED.read_bytes(), selection.Selection()
    checked_documents.check_bytes("warm.md", data, chosen)
    times = []
    for number in range(LOOPS):
        changed = data + b"\n<!-- " + str(number).encode() + b" -->\n"
        start = time.perf_counter()
        checked_documents.check_bytes("runbook.md", changed, chosen)
        times.append(time.perf_counter() - start)
    return statistics.median(times), max(times)


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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shellcheck", default=shutil.which("shellcheck"))
    parser.add_argument("--markdownlint", default=shutil.which("markdownlint-cli2"))
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    check = [sys.executable, "-m", "midwatch", "check", "--format", "json", str(CORPORA)]
    with tempfile.TemporaryDirectory() as cache:
        for name in ("cold", "warm", "warm again"):
            seconds = timed(check, {"XDG_CACHE_HOME": cache})
            print(f"midwatch check, the corpora, {name:11} {seconds:7.2f} s")
    median, slowest = editor_loop()
    loop = f"{1000 * median:5.0f} ms (slowest {1000 * slowest:.0f})"
    print(f"midwatch check, one file in an editor {loop}")
    if arguments.markdownlint:
        command = [arguments.markdownlint, f"{CORPORA}/**/*.md"]
        print(f"markdownlint, the corpora             {timed(command):7.2f} s")
    if arguments.shellcheck:
        with tempfile.TemporaryDirectory() as folder:
            names = shell_blocks(Path(folder))
            command = [arguments.shellcheck, "-s", "bash", *names]
            print(f"shellcheck, their {len(names)} shell blocks   {timed(command):7.2f} s")


if __name__ == "__main__":
    main()
