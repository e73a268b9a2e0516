"""Power cuts: everything dies at once, and what was being written is torn.

At a commit the last transaction of SQLite's log is cut, zeroed or scrambled from any byte on, as a
disk may leave it that was interrupted; what was committed and synced before stays. While a step
runs, the files of its worker, which nobody syncs, lose any part of their end. The machine then has
another boot. `python -m tests.chaos.power FOLDER CUTS SEED` prints what became of it.
"""

from __future__ import annotations

import collections
import json
import random
import struct
import sys
from pathlib import Path

from tests.chaos import lives

FEW = 5
READ = 3
HEADER, FRAME = 32, 24
COMMITS = ("yes", "start", "result", "check", "finish")
"""Commits from which nothing has followed yet when the power goes."""
RUNNING = ("after-launch", "while-running", "before-result-commit")


def tear_journal(log: Path, chance: random.Random) -> str:
    """Damage the last transaction in SQLite's log, as if it was being written."""
    data = log.read_bytes()
    begins, ends = last_transaction(data)
    at = chance.randrange(begins, ends)
    how = chance.choice(("cut", "zeros", "noise"))
    rest = {"cut": b"", "zeros": bytes(ends - at), "noise": chance.randbytes(ends - at)}[how]
    log.write_bytes(data[:at] + rest)
    return how


def last_transaction(data: bytes) -> tuple[int, int]:
    """Where the last whole transaction begins and ends; a commit's frame tells the file's size."""
    (page,) = struct.unpack(">I", data[8:12])
    salt, ends = data[16:24], [HEADER]
    for at in range(HEADER, len(data) - FRAME - page + 1, FRAME + page):
        pages, found = struct.unpack(">I", data[at + 4 : at + 8])[0], data[at + 8 : at + 16]
        if found != salt:
            break
        if pages:
            ends.append(at + FRAME + page)
    return ends[-2], ends[-1]


def tear_worker(files: Path, chance: random.Random) -> None:
    """Cut the end of what the running step's processes wrote, or leave a hole in it."""
    for path in files.glob("step-*"):
        if path.suffix in {".status", ".output"}:
            data = path.read_bytes()
            first, last = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
            lost = bytes(last - first) + data[last:] if chance.random() < 0.5 else b""
            path.write_bytes(data[:first] + lost)


def cut(folder: Path, chance: random.Random, told: collections.Counter[str]) -> None:
    """One run through one power cut."""
    step = chance.randrange(FEW)
    commit = chance.choice(COMMITS)
    running = chance.random() < 0.5
    place = chance.choice(RUNNING) if running else f"after-{commit}-commit"
    if not running and commit in {"finish", "check", "yes"}:
        step = {"finish": -1, "check": READ, "yes": 0 if step == READ else step}[commit]
    work = lives.begin(folder, FEW, step if place == "while-running" else None)
    died = lives.life(work, failpoint=f"{place}@{step}").code == lives.KILLED
    lives.kill_steps(work)
    told["cuts"] += died
    told[f"never reached: {place}@{step}"] += not died
    if died and running:
        tear_worker(work.files, chance)
        told["workers torn"] += 1
    elif died:
        told[f"journal: {tear_journal(Path(f'{work.journal}-wal'), chance)}"] += 1
    lives.to_the_end(work, told, boot="after the power cut")
    told["not ended"] += told["ended"] != 0


def main() -> None:
    """Cut the power, and print what became of it."""
    folder, cuts = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(int(sys.argv[3]))  # noqa: S311  (when to cut is no secret)
    told: collections.Counter[str] = collections.Counter()
    for number in range(cuts):
        cut(folder / str(number), chance, told)
    print(json.dumps(+told))  # noqa: T201


if __name__ == "__main__":
    main()
