"""A drill understood before anything is broken: the faults, the lab, the procedures, the order."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from midwatch.app import (
    checked_files,
    documents,
    environments,
    pasting,
    running,
    settings,
    source_files,
)
from midwatch.base import errors
from midwatch.drills import faults, model, schedule, store
from midwatch.guards import model as guards
from midwatch.runbook import model as runbooks
from midwatch.runbook import wording
from midwatch.runs import finding

FILE_NAME = "faults.toml"
WITH_STEPS = (model.Arm.MIDWATCH, model.Arm.PASTE)


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked `midwatch drill` for."""

    path: Path
    names: tuple[str, ...] = ()
    arms: tuple[model.Arm, ...] = (model.Arm.MIDWATCH,)
    seed: int = 1
    seeds: int = 1
    timeout: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A drill that can begin."""

    wish: Wish
    faults: model.Faults
    target: settings.Target
    environment: Mapping[str, str]
    runbook: runbooks.Runbook
    rehearsals: tuple[model.Rehearsal, ...]

    def procedure_of(self, rehearsal: model.Rehearsal) -> str:
        """The procedure a rehearsal is about."""
        fault = rehearsal.fault
        return fault.wrong if rehearsal.arm is model.Arm.WRONG else fault.procedure

    def subject(self, rehearsal: model.Rehearsal) -> store.Subject:
        """That procedure at the words it has now."""
        name = self.procedure_of(rehearsal)
        known = {each.id: each for each in self.runbook.procedures}
        words = wording.digest(self.runbook, known[name]) if name in known else ""
        return store.Subject(str(self.faults.runbook.resolve()), name, words)

    def run_wish(self, rehearsal: model.Rehearsal) -> running.Wish:
        """What Midwatch is asked for in a rehearsal."""
        fault = rehearsal.fault
        wrong = rehearsal.arm is model.Arm.WRONG
        return running.Wish(
            address=f"{self.runbook.path}#{self.procedure_of(rehearsal)}",
            target=self.target.name,
            given=fault.wrong_set if wrong else fault.set,
            may=guards.May(fault.may),
            chosen=frozenset() if wrong else frozenset(each.lower() for each in fault.choose),
        )

    def pasted(self, fault: model.Fault, found: Mapping[str, str]) -> pasting.Pasted:
        """What somebody pastes, with what they found out meanwhile."""
        procedure = finding.procedure(self.runbook, fault.procedure)
        return pasting.of(self.runbook, procedure, {**fault.set, **found})


def file_named(words: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """The faults file among the words, or the one that lies here; the rest are faults."""
    if words:
        first = Path(words[0])
        if first.is_dir():
            return first / FILE_NAME, words[1:]
        if first.suffix == ".toml" or first.is_file():
            return first, words[1:]
    here = Path(FILE_NAME)
    if not here.is_file():
        raise errors.UserError(
            "Which faults file? There is no faults.toml here.",
            "Try: midwatch drill lab/postroom/faults.toml",
        )
    return here, words


def read(path: Path) -> model.Faults:
    """The faults of that file."""
    text = source_files.read_any(path).decode("utf-8", "replace")
    return faults.read(path, text)


def plan(wish: Wish) -> Planned:
    """Everything that can be known to be wrong is told before anything is broken."""
    found = read(wish.path)
    chosen = tuple(_with_timeout(each, wish) for each in faults.chosen(found, wish.names))
    target = lab(found)
    if shutil.which("bash") is None:
        raise errors.MissingError("bash is not there, and a drill needs it.", "Install bash.")
    runbook = documents.read(checked_files.shown(found.runbook))
    environment = environments.of(os.environ, target.environment).all
    seeds = range(wish.seed, wish.seed + wish.seeds)
    rehearsals = tuple(
        dataclasses.replace(each, probe=found.probe)
        for each in schedule.rehearsals(chosen, wish.arms, seeds)
    )
    planned = Planned(wish, found, target, environment, runbook, rehearsals)
    if not rehearsals:
        raise errors.UserError(
            "Nothing is left to rehearse: none of these faults names a procedure for that arm.",
            f"`midwatch drill {wish.path} --list` shows them.",
        )
    for rehearsal in rehearsals:
        _require_procedures(planned, rehearsal)
    return planned


def _with_timeout(fault: model.Fault, wish: Wish) -> model.Fault:
    if wish.timeout is None:
        return fault
    return dataclasses.replace(
        fault, limits=dataclasses.replace(fault.limits, timeout=wish.timeout)
    )


def _require_procedures(planned: Planned, rehearsal: model.Rehearsal) -> None:
    """The procedures are there; the one that should heal has all that it asks for."""
    if rehearsal.arm is model.Arm.NONE:
        return
    finding.procedure(planned.runbook, planned.procedure_of(rehearsal))
    if rehearsal.arm is not model.Arm.MIDWATCH:
        return
    missing = [
        each
        for each in running.prepare(planned.run_wish(rehearsal)).missing
        if each.name not in rehearsal.fault.find
    ]
    if missing:
        names = ", ".join(each.name for each in missing)
        flags = ", ".join(f'{each.name} = "…"' for each in missing)
        raise errors.UserError(
            f"{planned.faults.path}, fault “{rehearsal.fault.id}”: the procedure "
            f"{rehearsal.fault.procedure} asks for {names}.",
            f"Write: set = {{ {flags} }}",
        )


def lab(found: model.Faults) -> settings.Target:
    """The target, which its own midwatch.toml must call a lab: anything else is never broken."""
    settled = settings.find((found.folder.resolve(), found.runbook.resolve().parent))
    if settled.path is None:
        raise errors.UserError(
            f"There is no {settings.FILE_NAME} above {found.path}, so nobody says that "
            f"“{found.target}” may be broken.",
            _how(found.target),
        )
    target = settled.target(found.target)
    if not target.lab:
        raise errors.UserError(
            f"{settled.path} does not call the target “{target.name}” a lab: nothing is broken "
            "there on purpose.",
            _how(target.name),
        )
    return target


def _how(name: str) -> str:
    return (
        "If it is one, and nobody depends on it, say so in midwatch.toml:"
        f" [targets.{name}] lab = true"
    )
