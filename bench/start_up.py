"""How long Midwatch takes to start, whole process, beside the peers that are on the machine.

Prints medians and the ratio to a bare Python start in the same run: absolute times are noise.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RUNS = 9


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Wall seconds of one run of a command, its output thrown away."""
    begin = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def document() -> Path:
    """A seed where the shared folder is here; else the lab's own runbook."""
    shared = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))
    seed = shared / "seeds" / "newsletter.md"
    return seed if seed.exists() else ROOT / "lab" / "postroom" / "RUNBOOK.md"


def measure() -> list[tuple[str, float]]:
    """Medians, the commands taken in turn so that drift meets all of them alike."""
    midwatch = str(BIN / "midwatch")
    path = str(document())
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "pip --version": [sys.executable, "-m", "pip", "--version"],
        "midwatch --help": [midwatch, "--help"],
        "midwatch show FILE (cold)": [midwatch, "show", path],
        "midwatch show FILE (warm)": [midwatch, "show", path],
        "midwatch check FILE (warm)": ["sh", "-c", f"{midwatch} check {path}; true"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as warm:
        for turn in range(RUNS + 1):
            for name, command in commands.items():
                with tempfile.TemporaryDirectory() as cold:
                    cache = cold if "cold" in name else warm
                    environment = {**os.environ, "XDG_CACHE_HOME": cache}
                    spent = seconds(command, environment)
                if turn:
                    taken[name].append(spent)
    return [(name, statistics.median(values)) for name, values in taken.items()]


def main() -> None:
    """Print the table."""
    rows = measure()
    bare = rows[0][1]
    print(f"{'command':<30}{'median ms':>10}{'x bare Python':>15}")
    for name, median in rows:
        print(f"{name:<30}{median * 1000:>10.0f}{median / bare:>15.1f}")


if __name__ == "__main__":
    main()
