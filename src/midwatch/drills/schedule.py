"""Which rehearsals a drill is made of, in which order, and with which waits: all by the seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from midwatch.drills import model


def rehearsals(
    faults: Sequence[model.Fault], arms: Sequence[model.Arm], seeds: Iterable[int]
) -> tuple[model.Rehearsal, ...]:
    """Every fault in every arm, once for each seed; the same seed gives the same drill.

    The waits belong to seed and fault, so that arms are compared under the same conditions.
    """
    found: list[model.Rehearsal] = []
    for seed in seeds:
        pairs = [(fault, arm) for fault in faults for arm in arms if _takes_part(fault, arm)]
        random.Random(seed).shuffle(pairs)  # noqa: S311  (a drill is repeated, not guarded)
        for fault, arm in pairs:
            chance = random.Random(f"{seed} {fault.id}")  # noqa: S311  (the same)
            wait = chance.uniform(0, fault.limits.wait)
            reaction = chance.uniform(0, fault.limits.reaction)
            number = len(found) + 1
            rehearsal = model.Rehearsal(
                number, fault, arm, seed, round(wait, 2), round(reaction, 2)
            )
            found.append(rehearsal)
    return tuple(found)


def _takes_part(fault: model.Fault, arm: model.Arm) -> bool:
    """A fault without a wrong procedure is not rehearsed with one."""
    needed = {model.Arm.WRONG: fault.wrong, model.Arm.NONE: fault.id}
    return bool(needed.get(arm, fault.procedure))
