"""The use case behind `drill`: break, watch, heal, judge, remember."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Protocol

from midwatch.app import drill_arms, drill_lab, drill_plan
from midwatch.base import errors, ids
from midwatch.drills import model, store
from midwatch.engine import rehearsal_world, rehearsing
from midwatch.plugs.drills import commands


class Listener(drill_lab.Listener, Protocol):
    """Whoever shows a whole drill."""

    def began(self, drill: store.Drill, planned: drill_plan.Planned) -> None:
        """The drill is on record, and begins."""

    def rehearses(self, rehearsal: model.Rehearsal) -> None:
        """This one is next."""

    def judged(self, rehearsal: model.Rehearsal, result: model.Result) -> None:
        """This one is over."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a drill came to."""

    drill: store.Drill
    results: tuple[model.Result, ...]
    folder: Path
    stopped: str = ""
    """Why it ended before all was rehearsed."""
    interrupted: bool = False

    @property
    def exit(self) -> errors.Exit:
        """All healed, or without an arm that should heal: carried out."""
        if self.interrupted:
            return errors.Exit.INTERRUPTED
        own = [each for each in self.results if each.arm is model.Arm.MIDWATCH]
        broken = any(each.left_broken for each in self.results)
        wrong = any(not each.healed or each.breakage for each in own)
        return errors.Exit.FAILED if self.stopped or broken or wrong else errors.Exit.OK


def carry_out(
    planned: drill_plan.Planned, listener: Listener, interruption: rehearsal_world.Interruption
) -> Outcome:
    """The whole drill; whatever happens, the fault is taken out, or it is said that it is not."""
    found = planned.faults
    looks = drill_lab.Looks(found.probe, found.kinds, found.prometheus)
    with drill_lab.held(found.path, planned.environment, listener, interruption) as lab:
        drill = _new(lab, planned)
        listener.began(drill, planned)
        outcome = Outcome(drill, (), drill_lab.folder_of(drill.drill_id))
        with drill_lab.world(lab, drill.drill_id, looks) as world:
            for rehearsal in planned.rehearsals:
                listener.rehearses(rehearsal)
                result = _rehearse(lab, world, planned, rehearsal)
                listener.judged(rehearsal, result)
                outcome = _with(outcome, result, found)
                if outcome.stopped or outcome.interrupted:
                    break
        word = "interrupted" if outcome.interrupted else ENDS[outcome.exit]
        lab.store.end(drill.drill_id, lab.ticks.now(), word)
        return outcome


ENDS = {errors.Exit.OK: "succeeded", errors.Exit.FAILED: "failed"}


def _new(lab: drill_lab.Lab, planned: drill_plan.Planned) -> store.Drill:
    while True:
        now = lab.ticks.now()
        drill = store.Drill(
            drill_id=f"d-{ids.run_id(now)}",
            started_at=now,
            faults=str(lab.faults),
            target=planned.target.name,
            seed=planned.wish.seed,
            seeds=planned.wish.seeds,
            arms=planned.wish.arms,
            planned=len(planned.rehearsals),
        )
        if lab.store.begin(drill):
            return drill


def _rehearse(
    lab: drill_lab.Lab,
    world: rehearsal_world.World,
    planned: drill_plan.Planned,
    rehearsal: model.Rehearsal,
) -> model.Result:
    own = store.Place(world.drill_id, rehearsal.number)
    lab.store.rehearse(own, lab.ticks.now(), rehearsal, planned.subject(rehearsal))
    arm = _arm(planned, world, rehearsal)
    return drill_lab.whole(rehearsing.Rehearsing(world, rehearsal, arm))


def _arm(
    planned: drill_plan.Planned, world: rehearsal_world.World, rehearsal: model.Rehearsal
) -> rehearsal_world.Arm:
    fault, number = rehearsal.fault, rehearsal.number

    def find() -> dict[str, str]:
        own = world.place(number, "find")
        found = {name: commands.printed(text, own) for name, text in fault.find.items()}
        return {name: value for name, value in found.items() if value}

    match rehearsal.arm:
        case model.Arm.NONE:
            return drill_arms.Nobody()
        case model.Arm.PASTE:
            paste = functools.partial(planned.pasted, fault)
            return drill_arms.Paster(paste, find, world.place(number, "paste"))
        case model.Arm.WRONG:
            return drill_arms.Runner(planned.run_wish(rehearsal), dict)
        case model.Arm.MIDWATCH:
            return drill_arms.Runner(planned.run_wish(rehearsal), find)


def _with(outcome: Outcome, result: model.Result, found: model.Faults) -> Outcome:
    """The outcome with one more result; what makes going on pointless is said."""
    results = (*outcome.results, result)
    interrupted = result.verdict is model.Verdict.INTERRUPTED
    stopped = ""
    if result.left_broken:
        stopped = (
            f"{result.fault} was taken out, and the service is still not well: "
            f"{result.left_broken}. Nothing more is broken."
        )
    elif result.verdict is model.Verdict.NOT_READY:
        if not outcome.results:
            raise errors.MissingError(
                f"Nothing was broken: the probe is not good to begin with ({result.why}).",
                f"Start the lab: {found.start}" if found.start else "Is the lab started?",
            )
        stopped = f"The service was not well before {result.fault}: {result.why}."
    return dataclasses.replace(outcome, results=results, stopped=stopped, interrupted=interrupted)
