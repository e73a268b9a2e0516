"""Looks of procedures that are probes: asked for as any run is, and told apart by their answer."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path

from midwatch.alerts import probes, procedure_probes
from midwatch.db import moments, named, store
from midwatch.incidents import orders

QUERIES = named.load(Path(__file__).with_name("looks.sql"))
GOOD, BAD, UNKNOWN = "good", "bad", "unknown"
ENDED, JUDGED = "ended", "judged"


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A look that was asked for, and how it stands."""

    id: int
    state: str
    answer: str
    said: str
    created_at: datetime.datetime
    missed: int

    @property
    def last(self) -> procedure_probes.Last:
        """What the next tick needs of it."""
        goes_on = self.state not in {ENDED, JUDGED}
        return procedure_probes.Last(self.created_at, goes_on, self.missed)

    def seen(self, probe: str) -> probes.Look:
        """What it showed."""
        if self.answer == GOOD:
            return probes.Good()
        said = f"{probe}: {self.said}"
        return probes.Bad(said=said) if self.answer == BAD else probes.Blind(said)


def latest(where: store.Store, probe: str) -> Asked | None:
    """The look that was asked for last."""
    rows = where.rows(QUERIES["latest"], {"probe": probe})
    if not rows:
        return None
    number, state, answer, said, created_at, missed = rows[0]
    return Asked(number, state, answer, said, moments.read(created_at), missed)


def asking(
    each: procedure_probes.ProcedureProbe, target: str, now: datetime.datetime
) -> store.Statement:
    """Ask for a look."""
    values = {
        "key": f"probe/{each.probe.name}/{moments.write(now)}",
        "purpose": orders.Purpose.PROBE.value,
        "address": each.address,
        "target": target,
        "inputs": json.dumps(dict(each.inputs), ensure_ascii=False),
        "probe": each.probe.name,
        "created_at": moments.write(now),
    }
    return (QUERIES["ask"], values)


def ended(order: orders.Order, answer: str, said: str, now: datetime.datetime) -> store.Statement:
    """The run is over, or was not started: this is what it says."""
    values = {"id": order.id, "answer": answer, "said": said, "now": moments.write(now)}
    return (QUERIES["ended"], values)


def good_before(where: store.Store, order: orders.Order) -> list[str]:
    """The runs of the looks of that probe before this one that found all well."""
    return [str(row[0]) for row in where.rows(QUERIES["good before"], {"id": order.id})]


def missing(asked: Asked, missed: int) -> store.Statement:
    """So many ticks went by while it went on."""
    return (QUERIES["missing"], {"id": asked.id, "missed": missed})


def judged(asked: Asked, probe: str) -> list[store.Statement]:
    """What follows from it is written down; of the ones before it, their runs are the record."""
    return [
        (QUERIES["judged"], {"id": asked.id}),
        (QUERIES["forget"], {"id": asked.id, "probe": probe}),
    ]
