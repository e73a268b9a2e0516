"""The journal: a run's events on disk, each committed before anything follows from it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from midwatch.base import errors, shape
from midwatch.db import database, memory, named
from midwatch.runs import chain, events, model, record

QUERIES = named.load(Path(__file__).with_name("journal.sql"))
FILE_NAME = "midwatch.db"
MOST_REMEMBERED = 256


@shape.frozen
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
        self.database = database.Database(self.path)
        self._last = memory.Memory(MOST_REMEMBERED)
        """The event written last of each run that was written to lately: its number and hash."""

    def create(
        self,
        run_id: str,
        at: datetime.datetime,
        event: events.Planned,
        *also: database.Statement,
    ) -> bool:
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
            "wording": plan.wording,
        }
        entry = _entry(run_id, 0, at, event)
        return self._chained(chain.GENESIS, entry, (QUERIES["new run"], values), *also)

    def append(
        self,
        run_id: str,
        seq: int,
        at: datetime.datetime,
        event: events.Event,
        *also: database.Statement,
    ) -> None:
        """Write the event down as the run's next; whoever comes second is told so.

        What else is written with it counts only if the event does.
        """
        outcome = _standing(event)
        values = {"run_id": run_id, "at": at.isoformat(), "outcome": outcome}
        if outcome is not None:
            also = (*also, (QUERIES["stand"], values))
        if not self._chained(self._before(run_id, seq), _entry(run_id, seq, at, event), *also):
            raise TakenError(
                f"Another Midwatch has taken run {run_id} over; this one leaves it alone.",
                f"See it with `midwatch transcript {run_id}`.",
            )

    def _before(self, run_id: str, seq: int) -> str:
        """The hash of the event before; worked out where that is older than the chain."""
        last: tuple[int, str] | None = self._last.recall(run_id)
        if last is not None and last[0] == seq - 1:
            return last[1]
        rows = self.database.rows(QUERIES["hash"], (run_id, seq - 1))
        if rows and rows[0][0]:
            return str(rows[0][0])
        previous = chain.GENESIS
        before = [chain.of(entry) for entry in self.entries(run_id) if entry.seq < seq]
        for _, found in chain.linked(before):
            previous = found
        return previous

    def _chained(self, previous: str, entry: chain.Entry, *also: database.Statement) -> bool:
        """Write the entry with its hash; False where its place is taken."""
        found = chain.link(previous, chain.line(entry))
        row = {
            "run_id": entry.run_id,
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "payload": entry.payload,
            "hash": found,
        }
        done = self.database.write((QUERIES["append"], row), *also)
        if done:
            self._last.keep(entry.run_id, (entry.seq, found))
        else:
            self._last.forget(entry.run_id)
        return done

    def entries(self, run_id: str) -> list[chain.Entry]:
        """The run's rows as they are stored, each with its hash."""
        return [chain.Entry(*row) for row in self.database.rows(QUERIES["entries"], (run_id,))]

    def read(self, run_id: str, *, since: int = 0) -> list[events.Recorded]:
        """Everything that happened to the run, in order; or what did from one event on."""
        rows = self.database.rows(QUERIES["read"], (run_id, since))
        return [
            events.Recorded(seq, datetime.datetime.fromisoformat(at), record.read(kind, payload))
            for seq, at, kind, payload in rows
        ]

    def runs(self, limit: int) -> list[Summary]:
        """The latest runs, newest first."""
        return [summary(*row) for row in self.database.rows(QUERIES["list"], (limit,))]

    def find(self, text: str) -> str:
        """The run with that id, or with an id that only one run's id contains."""
        if self.database.rows(QUERIES["known"], (text,)):
            return text
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self.database.rows(QUERIES["find"], {"text": escaped})
        found = [str(row[0]) for row in rows]
        if len(found) == 1 and text:
            return found[0]
        if found:
            raise errors.UserError(
                f"“{text}” fits more than one run: {', '.join(found)}.", "Give the whole id."
            )
        raise errors.NotFoundError(
            f"There is no run “{text}” in {self.path}.", "`midwatch runs` lists them."
        )

    def request(self, run_id: str, at: datetime.datetime, kind: str) -> None:
        """Ask whoever carries the run out to do something: `stop`."""
        self.database.write((QUERIES["request"], (run_id, at.isoformat(), kind)))

    def last_request(self, run_id: str) -> int:
        """The number of the latest request, so that older ones are not heeded."""
        ((number,),) = self.database.rows(QUERIES["last request"], (run_id,))
        return int(number)

    def requested(self, run_id: str, kind: str, since: int) -> bool:
        """Whether somebody asked for it since."""
        ((count,),) = self.database.rows(QUERIES["requests"], (run_id, kind, since))
        return bool(count)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()


def summary(*row: Any) -> Summary:  # noqa: ANN401  (columns of the query)
    """The run of a row: its columns from `run_id` to `ended_at`, as they stand in journal.sql."""
    return Summary(
        run_id=row[0],
        started_at=datetime.datetime.fromisoformat(row[1]),
        runbook=row[2],
        procedure=row[3],
        title=row[4],
        target=row[5],
        outcome=model.Outcome(row[6]),
        ended_at=datetime.datetime.fromisoformat(row[7]) if row[7] else None,
    )


def _entry(run_id: str, seq: int, at: datetime.datetime, event: events.Event) -> chain.Entry:
    return chain.Entry(run_id, seq, at.isoformat(), record.kind(event), record.text(event))


def _standing(event: events.Event) -> model.Outcome | None:
    """How the run is listed from now on, where the event changes that."""
    match event:
        case events.Finished(outcome):
            return outcome
        case events.Waiting(in_doubt=True):
            return model.Outcome.IN_DOUBT
        case events.Waiting() | events.HandedOver():
            return model.Outcome.WAITING
        case events.Interrupted():
            return model.Outcome.INTERRUPTED
        case events.Resumed():
            return model.Outcome.RUNNING
        case _:
            return None
