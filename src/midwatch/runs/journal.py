"""The journal: a run's events on disk, each committed before anything follows from it."""

from __future__ import annotations

import dataclasses
import datetime
import sqlite3
from pathlib import Path

from midwatch.base import errors
from midwatch.db import connection, named
from midwatch.runs import events, model, record

QUERIES = named.load(Path(__file__).with_name("journal.sql"))
FILE_NAME = "midwatch.db"


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """One run in a list."""

    run_id: str
    started_at: datetime.datetime
    runbook: str
    procedure: str
    title: str
    target: str
    outcome: model.Outcome
    ended_at: datetime.datetime | None


class TakenError(errors.WorldError):
    """Somebody else carries the run out; whoever sees this has lost, before acting."""


class Journal:
    """The runs of one machine."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._connection = connection.connect(self.path)

    def create(self, run_id: str, at: datetime.datetime, event: events.Planned) -> bool:
        """Write down that the run exists; False where that id is taken."""
        plan = event.plan
        values = {
            "run_id": run_id,
            "at": at.isoformat(),
            "runbook": plan.runbook,
            "procedure": plan.procedure,
            "title": plan.title,
            "target": plan.target,
            "outcome": model.Outcome.RUNNING,
        }
        with connection.telling(self.path):
            try:
                self._begin()
                self._connection.execute(QUERIES["new run"], values)
                self._insert(run_id, 0, at, event)
                self._connection.execute("commit")
            except sqlite3.IntegrityError:
                self._roll_back()
                return False
            except sqlite3.Error:
                self._roll_back()
                raise
        return True

    def append(self, run_id: str, seq: int, at: datetime.datetime, event: events.Event) -> None:
        """Write the event down as the run's next; whoever comes second is told so."""
        with connection.telling(self.path):
            try:
                self._append(run_id, seq, at, event)
            except sqlite3.IntegrityError as error:
                self._roll_back()
                raise TakenError(
                    f"Another Midwatch has taken run {run_id} over; this one leaves it alone.",
                    f"See it with `midwatch transcript {run_id}`.",
                ) from error
            except sqlite3.Error:
                self._roll_back()
                raise

    def _append(self, run_id: str, seq: int, at: datetime.datetime, event: events.Event) -> None:
        outcome = _standing(event)
        if outcome is None:
            self._insert(run_id, seq, at, event)
            return
        self._begin()
        self._insert(run_id, seq, at, event)
        values = {"run_id": run_id, "at": at.isoformat(), "outcome": outcome}
        self._connection.execute(QUERIES["stand"], values)
        self._connection.execute("commit")

    def read(self, run_id: str) -> list[events.Recorded]:
        """Everything that happened to the run, in order."""
        with connection.telling(self.path):
            rows = self._connection.execute(QUERIES["read"], (run_id,)).fetchall()
        return [
            events.Recorded(seq, datetime.datetime.fromisoformat(at), record.read(kind, payload))
            for seq, at, kind, payload in rows
        ]

    def runs(self, limit: int) -> list[Summary]:
        """The latest runs, newest first."""
        with connection.telling(self.path):
            rows = self._connection.execute(QUERIES["list"], (limit,)).fetchall()
        return [
            Summary(
                run_id=run_id,
                started_at=datetime.datetime.fromisoformat(started_at),
                runbook=runbook,
                procedure=procedure,
                title=title,
                target=target,
                outcome=model.Outcome(outcome),
                ended_at=datetime.datetime.fromisoformat(ended_at) if ended_at else None,
            )
            for run_id, started_at, runbook, procedure, title, target, outcome, ended_at in rows
        ]

    def find(self, text: str) -> str:
        """The run with that id, or with an id that only one run's id contains."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        with connection.telling(self.path):
            rows = self._connection.execute(QUERIES["find"], {"text": escaped}).fetchall()
        found = [str(row[0]) for row in rows]
        if text in found:
            return text
        if len(found) == 1 and text:
            return found[0]
        if found:
            raise errors.UserError(
                f"“{text}” fits more than one run: {', '.join(found)}.", "Give the whole id."
            )
        raise errors.UserError(
            f"There is no run “{text}” in {self.path}.", "`midwatch runs` lists them."
        )

    def request(self, run_id: str, at: datetime.datetime, kind: str) -> None:
        """Ask whoever carries the run out to do something: `stop`."""
        with connection.telling(self.path):
            self._connection.execute(QUERIES["request"], (run_id, at.isoformat(), kind))

    def last_request(self, run_id: str) -> int:
        """The number of the latest request, so that older ones are not heeded."""
        with connection.telling(self.path):
            (number,) = self._connection.execute(QUERIES["last request"], (run_id,)).fetchone()
        return int(number)

    def requested(self, run_id: str, kind: str, since: int) -> bool:
        """Whether somebody asked for it since."""
        with connection.telling(self.path):
            row = self._connection.execute(QUERIES["requests"], (run_id, kind, since)).fetchone()
        return bool(row[0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _begin(self) -> None:
        self._connection.execute("begin immediate")

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")

    def _insert(self, run_id: str, seq: int, at: datetime.datetime, event: events.Event) -> None:
        row = (run_id, seq, at.isoformat(), record.kind(event), record.text(event))
        self._connection.execute(QUERIES["append"], row)


def _standing(event: events.Event) -> model.Outcome | None:
    """How the run is listed from now on, where the event changes that."""
    match event:
        case events.Finished(outcome):
            return outcome
        case events.Waiting(in_doubt=True):
            return model.Outcome.IN_DOUBT
        case events.Waiting():
            return model.Outcome.WAITING
        case events.Interrupted():
            return model.Outcome.INTERRUPTED
        case events.Resumed():
            return model.Outcome.RUNNING
        case _:
            return None
