"""Kills Midwatch at random moments of forty-step runs, and takes each run up again to its end.

`python -m tests.chaos.killing FOLDER KILLS SEED` prints one JSON object with what it counted.
"""

from __future__ import annotations

import collections
import json
import random
import statistics
import sys
from pathlib import Path
from typing import Any

from tests.chaos import lives

from midwatch.runs import events

LONGEST = (0.1, 0.1, 0.25)
"""Seconds of a life, one of these: most are short, so that many fit; some go through many steps."""
STEPS_TOO = 0.4
"""How often every bash of the run dies as well."""


def runs(folder: Path, kills: int, chance: random.Random) -> dict[str, Any]:
    """Whole runs, killed at random moments until there were enough kills."""
    told: collections.Counter[str] = collections.Counter()
    ready: list[float] = []
    while told["kills"] < kills and not told["unexpected"]:
        work = lives.begin(folder / f"{told['runs']}")
        to_the_end(work, kills, chance, told, ready)
        lives.count(work, told)
    times = sorted(each * 1000 for each in ready)
    return {
        **told,
        "ready p50 ms": round(statistics.median(times), 1),
        "ready max ms": round(times[-1], 1),
    }


def to_the_end(
    work: lives.Work,
    kills: int,
    chance: random.Random,
    told: collections.Counter[str],
    ready: list[float],
) -> None:
    """One run, through as many deaths as it takes."""
    ended, doubt = lives.Life(lives.KILLED, None), None
    while ended.code != 0 and not told["unexpected"]:
        seconds = chance.uniform(0, chance.choice(LONGEST)) if told["kills"] < kills else None
        ended = lives.life(work, doubt, seconds=seconds)
        doubt = settled(work, ended.code, chance, told)
        if ended.ready is not None:
            ready.append(ended.ready)


def settled(
    work: lives.Work, code: int, chance: random.Random, told: collections.Counter[str]
) -> events.Doubt | None:
    """What a person says before the next life."""
    if code == lives.KILLED:
        told["kills"] += 1
        if chance.random() < STEPS_TOO:
            lives.kill_steps(work)
            told["kills of steps too"] += 1
    elif code == lives.IN_DOUBT:
        told["in doubt"] += 1
        return lives.truth(work)
    elif code != 0:
        told["unexpected"] += 1
    return None


def main() -> None:
    """Kill, and print what was counted."""
    chance = random.Random(int(sys.argv[3]))  # noqa: S311  (when to kill is no secret)
    print(json.dumps(runs(Path(sys.argv[1]), int(sys.argv[2]), chance)))  # noqa: T201


if __name__ == "__main__":
    main()
