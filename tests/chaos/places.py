"""Midwatch dies at each named place, and where a step runs with its bash too; it is taken up again.

`python -m tests.chaos.places FOLDER` prints one JSON object: the place, and what became of the run.
"""

from __future__ import annotations

import collections
import json
import sys
from pathlib import Path

from tests.chaos import lives

from midwatch.engine import failpoints

FEW = 5
CHANGE, READ = 0, 3
"""A step that changes, and one that reads and is a check."""
STEPS_OF = {
    "before-yes-commit": (CHANGE,),
    "after-yes-commit": (CHANGE,),
    "before-check-commit": (READ,),
    "after-check-commit": (READ,),
    "before-finish-commit": (-1,),
    "after-finish-commit": (-1,),
    "before-resume-commit": (-1,),
    "after-resume-commit": (-1,),
}
A_STEP_RUNS = ("after-start-commit", "after-launch", "while-running", "before-result-commit")
ELSEWHERE = {"after-plan-commit"}
"""Reached by the whole program only, which has a test of its own."""


def places() -> list[str]:
    """Every named place, with the steps it is reached at."""
    return [
        f"{name}@{step}"
        for name in failpoints.NAMES
        if name not in ELSEWHERE
        for step in STEPS_OF.get(name, (CHANGE, READ))
    ]


def died(folder: Path, place: str, *, with_steps: bool) -> dict[str, int]:
    """One run that ends there once; what taking it up again came to."""
    name, _, at = place.partition("@")
    slow = {"while-running": int(at), "before-resume-commit": 0, "after-resume-commit": 0}
    work = lives.begin(folder, FEW, slow.get(name))
    told: collections.Counter[str] = collections.Counter()
    if "resume" in place:
        lives.life(work, failpoint="while-running@0")
    told["killed"] = lives.life(work, failpoint=place).code == lives.KILLED
    if with_steps:
        lives.kill_steps(work)
    lives.to_the_end(work, told)
    return dict(told)


def main() -> None:
    """Die everywhere, and print what became of it."""
    folder = Path(sys.argv[1])
    found = {
        f"{place}{', steps too' if with_steps else ''}": died(
            folder / f"{place}-{with_steps}", place, with_steps=with_steps
        )
        for place in places()
        for with_steps in ((False, True) if place.startswith(A_STEP_RUNS) else (False,))
    }
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main()
