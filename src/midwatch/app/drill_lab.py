"""A lab that one drill holds: its probes, and what a killed drill left in it."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from midwatch.app import drill_arms, environments, settings, stopping
from midwatch.base import clock, errors
from midwatch.db import place
from midwatch.drills import model, store
from midwatch.engine import rehearsal_world, rehearsing
from midwatch.plugs.drills import alerts, commands, lab_lock, probing

DRILLS = "drills"
LOCKS = "locks"


class Listener(rehearsal_world.Listener, Protocol):
    """Whoever hears of faults that a killed drill left."""

    def finds_left(self, kept: store.Kept) -> None:
        """An earlier drill was killed, and its fault may still be in: it is taken out now."""


@dataclasses.dataclass(frozen=True, slots=True)
class Looks:
    """How a lab is looked at."""

    command: str
    kinds: Sequence[str]
    prometheus: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Lab:
    """A lab that is held, and the record it is written into."""

    faults: Path
    """The faults file, by its absolute path."""
    environment: Mapping[str, str]
    store: store.Store
    ticks: clock.Clock
    listener: Listener
    interruption: rehearsal_world.Interruption


def folder_of(drill_id: str) -> Path:
    """Where a drill's logs and pictures lie."""
    return place.state_folder() / DRILLS / drill_id


@contextlib.contextmanager
def held(
    faults: Path,
    environment: Mapping[str, str],
    listener: Listener,
    interruption: rehearsal_world.Interruption,
) -> Iterator[Lab]:
    """Nobody else breaks the lab meanwhile."""
    folder, path = place.state_folder(), faults.resolve()
    lock = lab_lock.hold(folder / DRILLS / LOCKS, path)
    records = store.Store(folder)
    try:
        yield Lab(path, environment, records, clock.SystemClock(), listener, interruption)
    finally:
        records.close()
        os.close(lock)


def is_held(faults: Path) -> bool:
    """Whether a drill runs there right now."""
    return lab_lock.is_held(place.state_folder() / DRILLS / LOCKS, faults)


@contextlib.contextmanager
def world(lab: Lab, drill_id: str, looks: Looks) -> Iterator[rehearsal_world.World]:
    """The probes look for as long as the drill lasts; they end with it."""
    folder, home = folder_of(drill_id), lab.faults.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        probes: dict[str, probing.Probe] = {}
        for kind in looks.kinds:
            log = folder / f"probe-{len(probes)}.log"
            mark = rehearsal_world.mark(drill_id, 0, f"probe-{kind}")
            order = probing.Order(looks.command, kind, home, lab.environment, log, mark)
            probes[kind] = probing.Probe(order, lab.ticks)
            stack.callback(probes[kind].close)
        asked = alerts.Alerts(looks.prometheus, lab.ticks) if looks.prometheus else None
        if asked is not None:
            stack.callback(asked.close)
        yield rehearsal_world.World(
            drill_id=drill_id,
            store=lab.store,
            clock=lab.ticks,
            folder=home,
            environment=lab.environment,
            logs=folder,
            probes=probes,
            alerts=asked,
            listener=lab.listener,
            interruption=lab.interruption,
        )


def whole(begun: rehearsing.Rehearsing) -> model.Result:
    """To the end; where nothing can be written down any more, the fault is taken out first."""
    try:
        return begun.carry_out()
    except (errors.MidwatchError, OSError):
        begun.rescue()
        raise


def heal(faults: Path, listener: Listener, interruption: rehearsal_world.Interruption) -> int:
    """Take out what killed drills left in the lab of that file; how much that was.

    It needs nothing of the file itself, which may have changed: all is on record.
    """
    path = faults.resolve()
    found = settings.find((path.parent,))
    environment: dict[str, str] = {}
    for drill in (each for each, _ in left() if Path(each.faults) == path):
        target = found.targets.get(drill.target, settings.Target(drill.target))
        environment = environments.of(os.environ, target.environment).all
    if not environment:
        return 0
    with held(path, environment, listener, interruption) as lab:
        return _take_out(lab)


def left() -> list[tuple[store.Drill, store.Kept]]:
    """Faults that went in, and of which nobody knows that they are out again."""
    with contextlib.closing(store.Store(place.state_folder())) as records:
        return [(records.drill(each.drill_id), records.kept(each)) for each in records.left()]


def _take_out(lab: Lab) -> int:
    own = [e for e in lab.store.left() if lab.store.drill(e.drill_id).faults == str(lab.faults)]
    for each in own:
        kept = lab.store.kept(each)
        lab.listener.finds_left(kept)
        _end_leftovers(each, kept)
        result = _rest(lab, each, kept)
        lab.store.end(each.drill_id, lab.ticks.now(), "killed")
        if result.left_broken:
            raise errors.WorldError(
                f"The fault {result.fault} of the killed drill {each.drill_id} was taken out, and "
                f"the service is not well: {result.left_broken}.",
                f"It was tried with: {kept.rehearsal.fault.heal.strip()}",
            )
    return len(own)


def _rest(lab: Lab, left_at: store.Place, kept: store.Kept) -> model.Result:
    """What is left to do of a rehearsal whose drill was killed: the way back, and a look."""
    leaving = rehearsal_world.Interruption()
    leaving.ask()
    rehearsal = kept.rehearsal
    looks = Looks(rehearsal.probe, (rehearsal.fault.probe,))
    with world(dataclasses.replace(lab, interruption=leaving), left_at.drill_id, looks) as found:
        return whole(rehearsing.Rehearsing(found, rehearsal, drill_arms.Nobody(), kept))


def _end_leftovers(left_at: store.Place, kept: store.Kept) -> None:
    """Nothing of the killed drill goes on breaking, pasting or running meanwhile."""
    drill_id, number = left_at.drill_id, left_at.number
    for what in ("inject", "paste", "heal"):
        commands.end_leftovers(rehearsal_world.mark(drill_id, number, what))
    probe = f"probe-{kept.rehearsal.fault.probe}"
    commands.end_leftovers(rehearsal_world.mark(drill_id, 0, probe))
    if kept.result.run_id:
        with contextlib.suppress(errors.MidwatchError):
            stopping.stop(kept.result.run_id)
