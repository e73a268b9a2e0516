"""Arms side by side: shares, medians, and what the runbook gains over doing nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.drills import model, statistics


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One arm, over all its rehearsals."""

    arm: model.Arm
    tries: int
    healed: int
    share: statistics.Interval | None
    stable: float | None
    """The median from broken to stable, of those that healed."""
    recovered: float | None
    detected: float | None
    left_broken: int
    not_judged: int


@dataclasses.dataclass(frozen=True, slots=True)
class Gain:
    """How much more often one arm heals than another, fault by fault and seed by seed."""

    arm: model.Arm
    over: model.Arm
    pairs: int
    interval: statistics.Interval


def rows(results: Sequence[model.Result]) -> tuple[Row, ...]:
    """One row for each arm that was tried."""
    return tuple(
        _row(arm, [each for each in results if each.arm is arm])
        for arm in model.Arm
        if any(each.arm is arm for each in results)
    )


def _row(arm: model.Arm, results: Sequence[model.Result]) -> Row:
    judged = [each for each in results if each.verdict in model.JUDGED]
    healed = [each for each in judged if each.healed]

    def middle(values: Sequence[float | None]) -> float | None:
        return statistics.median([each for each in values if each is not None])

    return Row(
        arm=arm,
        tries=len(judged),
        healed=len(healed),
        share=statistics.share(len(healed), len(judged)),
        stable=middle([each.stable for each in healed]),
        recovered=middle([each.recovered for each in healed]),
        detected=middle([each.detected for each in judged]),
        left_broken=sum(1 for each in results if each.left_broken or each.breakage),
        not_judged=len(results) - len(judged),
    )


def gains(results: Sequence[model.Result], seed: int) -> tuple[Gain, ...]:
    """What Midwatch gains over every other arm, where both were tried on the same fault."""
    own = _by_try(results, model.Arm.MIDWATCH)
    found = []
    for arm in model.Arm:
        other = _by_try(results, arm)
        shared = sorted(own.keys() & other.keys())
        if arm is model.Arm.MIDWATCH or not shared:
            continue
        differences = [float(own[key]) - float(other[key]) for key in shared]
        interval = statistics.bootstrap(differences, seed)
        if interval is not None:
            found.append(Gain(model.Arm.MIDWATCH, arm, len(shared), interval))
    return tuple(found)


def _by_try(results: Sequence[model.Result], arm: model.Arm) -> dict[tuple[str, int], bool]:
    return {
        (each.fault, each.seed): each.healed
        for each in results
        if each.arm is arm and each.verdict in model.JUDGED
    }
