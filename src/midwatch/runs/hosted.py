"""Which runs a host carries out, with what it was told of each, so that a restart finds them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from midwatch.base import shape
from midwatch.db import database, named
from midwatch.guards import model as guards
from midwatch.runs import model

QUERIES = named.load(Path(__file__).with_name("hosted.sql"))
OVER = frozenset({model.Outcome.SUCCEEDED, model.Outcome.FAILED, model.Outcome.STOPPED})


@shape.frozen
class Terms:
    """On what terms a host carries a run out; the policy is read anew each time."""

    actor: str
    may: guards.May | None = None
    chosen: frozenset[str] = frozenset()
    reachable: bool = True
    """People answer from elsewhere, so questions wait for them."""
    at_once: bool = False
    """What does not hold has failed: it is not tried again, since the whole run will be."""


@shape.frozen
class Found:
    """A run that the host has not finished."""

    run_id: str
    outcome: model.Outcome
    answered: bool
    """Somebody answered, and nobody took the answer over yet."""


class Book:
    """The hosted runs of one journal."""

    def __init__(self, where: database.Database, host: str) -> None:
        self._where = where
        self.host = host

    def holding(self, run_id: str, terms: Terms) -> database.Statement:
        """What makes the run this host's, for the transaction that writes the run down."""
        fields = {
            "actor": terms.actor,
            "may": terms.may,
            "chosen": sorted(terms.chosen),
            "reachable": terms.reachable,
            "at_once": terms.at_once,
        }
        setting = json.dumps(fields)
        return QUERIES["hold"], {"run_id": run_id, "host": self.host, "setting": setting}

    def release(self, run_id: str) -> None:
        """It is over, or a person took it: no host carries it out any more."""
        release(self._where, run_id)

    def terms(self, run_id: str) -> Terms | None:
        """On what terms it is carried out; None where it is no host's any more."""
        rows = self._where.rows(QUERIES["setting"], (run_id,))
        if not rows:
            return None
        fields = json.loads(rows[0][0])
        may = guards.May(fields["may"]) if fields["may"] else None
        return Terms(
            actor=fields["actor"],
            may=may,
            chosen=frozenset(fields["chosen"]),
            reachable=fields["reachable"],
            at_once=fields.get("at_once", False),  # left out by earlier versions
        )

    def by_actor(self, actor: str) -> str | None:
        """The run that is carried out in that name."""
        rows = self._where.rows(QUERIES["by actor"], (self.host, actor))
        return str(rows[0][0]) if rows else None

    def unfinished(self) -> list[Found]:
        """What this host has begun and not ended, the oldest first."""
        rows = self._where.rows(QUERIES["unfinished"], (self.host,))
        return [Found(run_id, model.Outcome(text), bool(said)) for run_id, text, said in rows]

    def last_answer(self) -> int:
        """The number of the latest answer."""
        ((number,),) = self._where.rows(QUERIES["last answer"])
        return int(number)

    def answered(self, since: int) -> list[tuple[str, int]]:
        """The runs that somebody answered since, each with the number of its latest answer."""
        rows = self._where.rows(QUERIES["answered"], (since,))
        return [(str(run_id), int(last)) for run_id, last in rows]

    def over(self, run_ids: Iterable[str]) -> list[tuple[str, model.Outcome]]:
        """Those of the runs that are over, whoever ended them."""
        rows = self._where.rows(QUERIES["over"], (json.dumps(list(run_ids)),))
        return [(str(run_id), model.Outcome(outcome)) for run_id, outcome in rows]


def release(where: database.Database, run_id: str) -> None:
    """No host carries the run out any more."""
    where.write((QUERIES["release"], (run_id,)))
