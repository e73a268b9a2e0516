"""The use cases behind `drill` and `drills`: break, watch, heal, judge, remember."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from midwatch.app import drill_arms, drill_plan, stopping
from midwatch.base import clock, errors, ids
from midwatch.db import place
from midwatch.drills import model, store
from midwatch.engine import rehearsal_world, rehearsing
from midwatch.plugs.drills import alerts, commands, lab_lock, probing

DRILLS = "drills"
LOCKS = "locks"


class Listener(rehearsal_world.Listener, Protocol):
    """Whoever shows a whole drill."""

    def began(self, drill: store.Drill, planned: drill_plan.Planned) -> None:
        """The drill is on record, and begins."""

    def finds_left(self, kept: store.Kept) -> None:
        """An earlier drill was killed, and its fault may still be in: it is taken out now."""

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


def folder_of(drill_id: str) -> Path:
    """Where a drill's logs and pictures lie."""
    return place.state_folder() / DRILLS / drill_id


@dataclasses.dataclass(frozen=True, slots=True)
class _Lab:
    """A lab that is held, and the record it is written into."""

    planned: drill_plan.Planned
    store: store.Store
    ticks: clock.Clock
    listener: Listener
    interruption: rehearsal_world.Interruption


def carry_out(
    planned: drill_plan.Planned, listener: Listener, interruption: rehearsal_world.Interruption
) -> Outcome:
    """The whole drill; whatever happens, the fault is taken out, or it is said that it is not."""
    with _held(planned, listener, interruption) as lab:
        _take_out_left(lab)
        drill = _new(lab)
        listener.began(drill, planned)
        outcome = Outcome(drill, (), folder_of(drill.drill_id))
        with _world(lab, drill.drill_id, folder_of(drill.drill_id)) as world:
            for rehearsal in planned.rehearsals:
                result = _rehearse(lab, world, rehearsal)
                listener.judged(rehearsal, result)
                outcome = _with(outcome, result, planned.faults)
                if outcome.stopped or outcome.interrupted:
                    break
        word = "interrupted" if outcome.interrupted else ENDS[outcome.exit]
        lab.store.end(drill.drill_id, lab.ticks.now(), word)
        return outcome


ENDS = {errors.Exit.OK: "succeeded", errors.Exit.FAILED: "failed"}


def heal(
    planned: drill_plan.Planned, listener: Listener, interruption: rehearsal_world.Interruption
) -> int:
    """Take out what killed drills left in this lab; how much that was."""
    with _held(planned, listener, interruption) as lab:
        return _take_out_left(lab)


@contextlib.contextmanager
def _held(
    planned: drill_plan.Planned, listener: Listener, interruption: rehearsal_world.Interruption
) -> Iterator[_Lab]:
    folder = place.state_folder()
    lock = lab_lock.hold(folder / DRILLS / LOCKS, planned.faults.path)
    records = store.Store(folder)
    try:
        yield _Lab(planned, records, clock.SystemClock(), listener, interruption)
    finally:
        records.close()
        os.close(lock)


def _new(lab: _Lab) -> store.Drill:
    planned = lab.planned
    while True:
        now = lab.ticks.now()
        drill = store.Drill(
            drill_id=f"d-{ids.run_id(now)}",
            started_at=now,
            faults=str(planned.faults.path.resolve()),
            target=planned.target.name,
            seed=planned.wish.seed,
            seeds=planned.wish.seeds,
            arms=planned.wish.arms,
            planned=len(planned.rehearsals),
        )
        if lab.store.begin(drill):
            return drill


@contextlib.contextmanager
def _world(lab: _Lab, drill_id: str, folder: Path) -> Iterator[rehearsal_world.World]:
    """The probes look for as long as the drill lasts; they end with it."""
    found = lab.planned.faults
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home, environment = found.folder.resolve(), lab.planned.environment
    with contextlib.ExitStack() as stack:
        probes: dict[str, probing.Probe] = {}
        for kind in found.kinds:
            log = folder / f"probe-{len(probes)}.log"
            mark = rehearsal_world.mark(drill_id, 0, f"probe-{kind}")
            order = probing.Order(found.probe, kind, home, environment, log, mark)
            probes[kind] = probing.Probe(order, lab.ticks)
            stack.callback(probes[kind].close)
        asked = alerts.Alerts(found.prometheus, lab.ticks) if found.prometheus else None
        if asked is not None:
            stack.callback(asked.close)
        yield rehearsal_world.World(
            drill_id=drill_id,
            store=lab.store,
            clock=lab.ticks,
            folder=home,
            environment=environment,
            logs=folder,
            probes=probes,
            alerts=asked,
            listener=lab.listener,
            interruption=lab.interruption,
        )


def _rehearse(lab: _Lab, world: rehearsal_world.World, rehearsal: model.Rehearsal) -> model.Result:
    lab.listener.rehearses(rehearsal)
    own = store.Place(world.drill_id, rehearsal.number)
    lab.store.rehearse(own, lab.ticks.now(), rehearsal, lab.planned.subject(rehearsal))
    arm = _arm(lab.planned, world, rehearsal)
    return _whole(rehearsing.Rehearsing(world, rehearsal, arm))


def _whole(begun: rehearsing.Rehearsing) -> model.Result:
    """To the end; where nothing can be written down any more, the fault is taken out first."""
    try:
        return begun.carry_out()
    except (errors.MidwatchError, OSError):
        begun.rescue()
        raise


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


def _take_out_left(lab: _Lab) -> int:
    """What a killed drill left in this lab is taken out before anything else is broken."""
    here = str(lab.planned.faults.path.resolve())
    own = [each for each in lab.store.left() if lab.store.drill(each.drill_id).faults == here]
    for left in own:
        kept = lab.store.kept(left)
        lab.listener.finds_left(kept)
        _end_leftovers(left, kept)
        leaving = rehearsal_world.Interruption()
        leaving.ask()
        with _world(lab, left.drill_id, folder_of(left.drill_id)) as world:
            leaver = dataclasses.replace(world, interruption=leaving)
            arm = drill_arms.Nobody()
            result = _whole(rehearsing.Rehearsing(leaver, kept.rehearsal, arm, kept))
        lab.store.end(left.drill_id, lab.ticks.now(), "killed")
        if result.left_broken:
            raise errors.WorldError(
                f"The fault {result.fault} of the killed drill {left.drill_id} was taken out, and "
                f"the service is not well: {result.left_broken}.",
                f"It was tried with: {kept.rehearsal.fault.heal.strip()}",
            )
    return len(own)


def _end_leftovers(left: store.Place, kept: store.Kept) -> None:
    """Nothing of the killed drill goes on breaking, pasting or running meanwhile."""
    for what in ("inject", "paste", "heal"):
        commands.end_leftovers(rehearsal_world.mark(left.drill_id, left.number, what))
    for kind in (kept.rehearsal.fault.probe,):
        commands.end_leftovers(rehearsal_world.mark(left.drill_id, 0, f"probe-{kind}"))
    if kept.result.run_id:
        with contextlib.suppress(errors.MidwatchError):
            stopping.stop(kept.result.run_id)
