"""Score the reader: the seeds against their inventory, the corpora's blocks, speed and size.

Needs the shared folder (MIDWATCH_SHARED, or ../shared); says so and leaves where it is absent.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from midwatch.runbook import model, reading

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))
SHELL_TAGS = {"bash", "sh", "shell", "console", "shell-session", "zsh"}
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
NO_COMMANDS = {"manifest", "not-a-command", "config-fragment"}


def seeds() -> list[model.Runbook]:
    """The five seeds, read."""
    paths = sorted((SHARED / "seeds").glob("*.md"))
    wanted = [path for path in paths if path.name != "inventory.md"]
    return reading.read_many([(path.name, path.read_bytes()) for path in wanted])


def fences(text: str) -> int:
    """How many fences a line scanner finds."""
    return sum(1 for line in text.splitlines() if FENCE.match(line)) // 2


def command_lines(runbook: model.Runbook) -> set[int]:
    """Every line that a step or one of its commands covers."""
    lines: set[int] = set()
    for procedure in runbook.procedures:
        for step in procedure.steps:
            lines.update(range(step.line, step.end_line + 1))
            lines.update(each.line for each in step.commands)
    return lines


def score_seeds() -> Iterator[tuple[str, str]]:
    """Fences and inventory records found in the seeds."""
    records = json.loads((SHARED / "seeds" / "inventory.json").read_text("utf-8"))["records"]
    runbooks = {runbook.path: runbook for runbook in seeds()}
    scanned = sum(fences((SHARED / "seeds" / name).read_text("utf-8")) for name in runbooks)
    blocks = sum(len(each.blocks) for each in runbooks.values())
    yield "seeds: fences found, of those a line scanner finds", f"{blocks} of {scanned}"
    covered = {name: command_lines(runbook) for name, runbook in runbooks.items()}
    wanted = [record for record in records if record["effect"] not in NO_COMMANDS]
    found = sum(record["line"] in covered[record["file"]] for record in wanted)
    yield "seeds: inventory commands at their line", f"{found} of {len(wanted)}"


def score_corpora() -> Iterator[tuple[str, str]]:
    """How many shell-tagged blocks of the public runbooks become commands."""
    paths = sorted((SHARED / "corpora").rglob("*.md"))
    runbooks = reading.read_many([(str(path), path.read_bytes()) for path in paths])
    tagged = became = 0
    for runbook in runbooks:
        lines = command_lines(runbook)
        for block in runbook.blocks:
            if block.tag.lower() in SHELL_TAGS and block.language in {"bash", "console"}:
                tagged += 1
                became += any(line in lines for line in range(block.line, block.end_line + 1))
    yield (
        "corpora: shell blocks that became commands",
        f"{became} of {tagged} = {became / tagged:.1%}",
    )


def score_speed() -> Iterator[tuple[str, str]]:
    """The corpora by the command itself, cold and warm, in one run."""
    midwatch = str(Path(sys.executable).with_name("midwatch"))
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        command = [midwatch, "show", "--json", str(SHARED / "corpora")]
        for name in ("cold", "warm"):
            begin = time.perf_counter()
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            yield f"corpora: read {name}", f"{time.perf_counter() - begin:.2f} s"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    yield "corpora: largest process", f"{peak} MB"


def score_size() -> Iterator[tuple[str, str]]:
    """The cost a megabyte, as one document grows: it should stay the same."""
    whole = b"\n".join(path.read_bytes() for path in sorted((SHARED / "seeds").glob("[bnpt]*.md")))
    for times in (2, 8, 32):
        data = whole * times
        begin = time.process_time()
        reading.read("grown.md", data)
        taken = time.process_time() - begin
        size = len(data) / 1_000_000
        yield f"one document of {size:.1f} MB", f"{taken / size:.2f} s of CPU a MB"


def main() -> int:
    """Print the table."""
    if not SHARED.is_dir():
        print(f"skipped: there is no {SHARED}; MIDWATCH_SHARED may name it.")
        return 0
    for score in (score_seeds, score_corpora, score_speed, score_size):
        for name, value in score():
            print(f"{name:<52} {value}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
