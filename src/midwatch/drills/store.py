"""Drills on disk: every event is committed as it happens, before anything follows from it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

from midwatch.base import errors
from midwatch.db import database, named
from midwatch.drills import judging, model, record

QUERIES = named.load(Path(__file__).with_name("store.sql"))
FILE_NAME = "midwatch.db"


@dataclasses.dataclass(frozen=True, slots=True)
class Drill:
    """One drill in a list."""

    drill_id: str
    started_at: datetime.datetime
    faults: str
    target: str
    seed: int
    seeds: int
    arms: tuple[model.Arm, ...]
    planned: int
    ended_at: datetime.datetime | None = None
    outcome: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """One rehearsal of a drill, by its numbers."""

    drill_id: str
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """The procedure a rehearsal is about, at its words."""

    runbook: str
    procedure: str
    wording: str


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A rehearsal as it is on record."""

    rehearsal: model.Rehearsal
    began: datetime.datetime
    events: tuple[model.Event, ...]
    looks: tuple[model.Look, ...]

    @property
    def judged(self) -> bool:
        """Whether its verdict is in; where a drill still runs, that of its last one is not."""
        return any(each.kind is model.Kind.JUDGED for each in self.events)

    @property
    def result(self) -> model.Result:
        """What it came to."""
        return judging.result(self.rehearsal, self.events)


class Store:
    """The drills of one machine."""

    def __init__(self, folder: Path) -> None:
        self._database = database.Database(folder / FILE_NAME)

    def begin(self, drill: Drill) -> bool:
        """Write down that the drill exists; False where that id is taken."""
        values = {
            "drill_id": drill.drill_id,
            "at": drill.started_at.isoformat(),
            "faults": drill.faults,
            "target": drill.target,
            "seed": drill.seed,
            "seeds": drill.seeds,
            "arms": " ".join(drill.arms),
            "planned": drill.planned,
        }
        return self._database.write((QUERIES["new drill"], values))

    def end(self, drill_id: str, at: datetime.datetime, outcome: str) -> None:
        """Write down that the drill is over."""
        values = {"drill_id": drill_id, "at": at.isoformat(), "outcome": outcome}
        self._database.write((QUERIES["end drill"], values))

    def rehearse(
        self, place: Place, at: datetime.datetime, rehearsal: model.Rehearsal, subject: Subject
    ) -> None:
        """Write down that the rehearsal begins."""
        values = {
            **dataclasses.asdict(place),
            **dataclasses.asdict(subject),
            "at": at.isoformat(),
            "fault": rehearsal.fault.id,
            "arm": rehearsal.arm,
            "seed": rehearsal.seed,
            "plan": record.dump(rehearsal),
        }
        self._database.write((QUERIES["new rehearsal"], values))

    def append(self, place: Place, seq: int, at: datetime.datetime, event: model.Event) -> None:
        """Write the event down; where somebody else did so before, this one has lost."""
        own = dataclasses.asdict(place)
        values = {
            **own,
            "seq": seq,
            "at": at.isoformat(),
            "seconds": event.at,
            "kind": event.kind,
            "detail": record.detail(event.detail),
        }
        also: list[database.Statement] = []
        if "run_id" in event.detail:
            also = [(QUERIES["runs"], {**own, "run_id": event.detail["run_id"]})]
        if not self._database.write((QUERIES["event"], values), *also):
            raise errors.WorldError(
                f"Another process carries on with drill {place.drill_id}.",
                "Wait for it to end, then try again.",
            )

    def judged(self, place: Place, result: model.Result) -> None:
        """Keep the verdict where lists and proofs find it."""
        own = dataclasses.asdict(place)
        values = {**own, "verdict": result.verdict, "stable": result.stable}
        self._database.write((QUERIES["judged"], values))

    def over(self, place: Place, at: datetime.datetime) -> None:
        """Write down that nothing of the rehearsal is left to do."""
        values = {**dataclasses.asdict(place), "at": at.isoformat()}
        self._database.write((QUERIES["over"], values))

    def looks(self, place: Place, first: int, looks: Sequence[model.Look]) -> None:
        """Keep what the probe said."""
        own = dataclasses.asdict(place)
        statements = [
            (
                QUERIES["look"],
                {**own, "seq": seq, "seconds": each.at, "ok": each.ok, "why": each.why},
            )
            for seq, each in enumerate(looks, start=first)
        ]
        if statements:
            self._database.write(*statements)

    def left(self) -> list[Place]:
        """Rehearsals whose fault went in, and of which nobody knows that it is out again."""
        return [Place(*row) for row in self._database.rows(QUERIES["left"])]

    def kept(self, place: Place) -> Kept:
        """One rehearsal, whole."""
        found = [each for each in self._plans(place.drill_id) if each[0].number == place.number]
        rehearsal, began = found[0]
        return self._whole(place, rehearsal, began)

    def rehearsals(self, drill_id: str) -> list[Kept]:
        """All rehearsals of a drill, in their order."""
        return [
            self._whole(Place(drill_id, each.number), each, began)
            for each, began in self._plans(drill_id)
        ]

    def _plans(self, drill_id: str) -> list[tuple[model.Rehearsal, datetime.datetime]]:
        rows = self._database.rows(QUERIES["rehearsals"], (drill_id,))
        return [
            (record.load(plan), datetime.datetime.fromisoformat(began)) for _, began, plan in rows
        ]

    def _whole(self, place: Place, rehearsal: model.Rehearsal, began: datetime.datetime) -> Kept:
        key = (place.drill_id, place.number)
        events = tuple(
            record.event(kind, seconds, detail)
            for seconds, kind, detail in self._database.rows(QUERIES["events"], key)
        )
        looks = tuple(
            model.Look(seconds, bool(ok), why)
            for seconds, ok, why in self._database.rows(QUERIES["looks"], key)
        )
        return Kept(rehearsal, began, events, looks)

    def drills(self, limit: int) -> list[Drill]:
        """The latest drills, newest first."""
        return [_drill(row) for row in self._database.rows(QUERIES["drills"], (limit,))]

    def drill(self, text: str) -> Drill:
        """The one drill with that id, or whose id ends so."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = [row[0] for row in self._database.rows(QUERIES["find"], {"text": escaped})]
        if not text or not found:
            raise errors.UserError(f"There is no drill “{text}”.", "`midwatch drills` lists them.")
        if len(found) > 1 and found[0] != text:
            raise errors.UserError(
                f"“{text}” fits {len(found)} drills.", f"Take one of: {', '.join(found)}."
            )
        ((row),) = self._database.rows(QUERIES["drill"], (found[0],))
        return _drill(row)

    def counts(self, drill_id: str) -> tuple[int, int]:
        """How many rehearsals were judged, and how many of them healed."""
        ((tries, healed),) = self._database.rows(QUERIES["counts"], (drill_id,))
        return int(tries), int(healed)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _drill(row: Sequence[str | int | None]) -> Drill:
    drill_id, started, faults, target, seed, seeds, arms, planned, ended, outcome = row
    return Drill(
        drill_id=str(drill_id),
        started_at=datetime.datetime.fromisoformat(str(started)),
        faults=str(faults),
        target=str(target),
        seed=int(seed or 0),
        seeds=int(seeds or 0),
        arms=tuple(model.Arm(each) for each in str(arms).split()),
        planned=int(planned or 0),
        ended_at=datetime.datetime.fromisoformat(str(ended)) if ended else None,
        outcome=str(outcome or ""),
    )
