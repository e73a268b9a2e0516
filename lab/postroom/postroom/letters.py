"""The queue: what happens to a letter between its acceptance and its delivery.

A letter is `waiting` until a worker leases it, `leased` until it is `delivered`, refused for good
(`dead`), or back to `waiting` for a later try. SMTP cannot say "once": a worker may die after the
relay has accepted a letter and before that is written down here. So the worker writes
`handing_over` before it speaks and the result after it, both only while the lease is its own, and a
letter keeps one Message-ID for all its tries. One that is found `handing_over` without a result is
in doubt and is sent again; the relay, which writes each Message-ID down before it answers 250,
accepts the copy and drops it.
"""

from __future__ import annotations

import dataclasses
import sqlite3
import time

from postroom import database, limits

SCHEMA = """
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'leased', 'delivered', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, holder TEXT, lease_until REAL,
    handing_over INTEGER NOT NULL DEFAULT 0, reason TEXT,
    accepted_at REAL NOT NULL, settled_at REAL);
CREATE INDEX IF NOT EXISTS letters_by_state ON letters (state, due_at);
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Letter:
    """A letter as its worker sees it."""

    id: int
    message_id: str
    recipient: str
    attempts: int


@dataclasses.dataclass(frozen=True, slots=True)
class Census:
    """How many letters are where."""

    waiting: int
    leased: int
    delivered: int
    dead: int
    in_doubt: int
    oldest_waiting_seconds: float
    delivered_last_10_seconds: int

    @property
    def accepted(self) -> int:
        """Every letter that was ever accepted and not discarded."""
        return self.waiting + self.leased + self.delivered + self.dead


class Letters:
    """The queue, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def accept(self, message_id: str, recipient: str) -> int:
        """Take a letter in (inside a transaction); the same Message-ID twice is one letter."""
        now = time.time()
        self.connection.execute(
            "INSERT OR IGNORE INTO letters (message_id, recipient, due_at, accepted_at)"
            " VALUES (?, ?, ?, ?)",
            (message_id, recipient, now, now),
        )
        found = self.connection.execute(
            "SELECT id FROM letters WHERE message_id = ?", (message_id,)
        ).fetchone()
        return int(found["id"])

    def knows(self, message_id: str) -> bool:
        """Whether a letter of that Message-ID was accepted before."""
        found = self.connection.execute("SELECT 1 FROM letters WHERE message_id = ?", (message_id,))
        return found.fetchone() is not None

    def lease(self, holder: str) -> list[Letter]:
        """The letters that are due, or whose worker has had them for too long."""
        now = time.time()
        with database.writing(self.connection):
            rows = self.connection.execute(
                "SELECT id, message_id, recipient, attempts FROM letters"
                " WHERE (state = 'waiting' AND due_at <= ?1)"
                " OR (state = 'leased' AND lease_until <= ?1) ORDER BY due_at LIMIT ?2",
                (now, limits.LEASE_SIZE),
            ).fetchall()
            self.connection.executemany(
                "UPDATE letters SET state = 'leased', holder = ?, lease_until = ? WHERE id = ?",
                [(holder, now + limits.LEASE, row["id"]) for row in rows],
            )
        return [Letter(**row) for row in rows]

    def hand_over(self, letter: Letter, holder: str) -> bool:
        """Write down that it is about to be sent; false when the lease has passed to another."""
        return self._change(
            letter, holder, "handing_over = 1, attempts = attempts + 1, lease_until = :lease"
        )

    def delivered(self, letter: Letter, holder: str) -> bool:
        """Write down that the relay has accepted it."""
        return self._change(
            letter, holder, "state = 'delivered', handing_over = 0, settled_at = :now"
        )

    def retry(self, letter: Letter, holder: str, reason: str, delay: float) -> bool:
        """Put it back for a later try."""
        return self._change(
            letter,
            holder,
            "state = 'waiting', handing_over = 0, reason = :reason, due_at = :now + :delay",
            reason=reason,
            delay=delay,
        )

    def bury(self, letter: Letter, holder: str, reason: str) -> bool:
        """It was refused for good."""
        return self._change(
            letter,
            holder,
            "state = 'dead', handing_over = 0, reason = :reason, settled_at = :now",
            reason=reason,
        )

    def release(self, holder: str = "") -> int:
        """Give back what a worker held that is known to be gone, or what all of them held."""
        return self.connection.execute(
            "UPDATE letters SET state = 'waiting', holder = NULL"
            " WHERE state = 'leased' AND (?1 = '' OR holder = ?1)",
            (holder,),
        ).rowcount

    def census(self) -> Census:
        """Count them all."""
        now = time.time()
        row = self.connection.execute(
            "SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,"
            " count(*) FILTER (WHERE state = 'leased') AS leased,"
            " count(*) FILTER (WHERE state = 'delivered') AS delivered,"
            " count(*) FILTER (WHERE state = 'dead') AS dead,"
            " count(*) FILTER (WHERE handing_over AND state = 'waiting') AS in_doubt,"
            " min(accepted_at) FILTER (WHERE state IN ('waiting', 'leased')) AS oldest,"
            " count(*) FILTER (WHERE state = 'delivered' AND settled_at > ?) AS recent"
            " FROM letters",
            (now - 10,),
        ).fetchone()
        return Census(
            waiting=row["waiting"],
            leased=row["leased"],
            delivered=row["delivered"],
            dead=row["dead"],
            in_doubt=row["in_doubt"],
            oldest_waiting_seconds=round(now - (row["oldest"] or now), 1),
            delivered_last_10_seconds=row["recent"],
        )

    def one(self, number: int) -> dict[str, object] | None:
        """Everything known about one letter."""
        row = self.connection.execute("SELECT * FROM letters WHERE id = ?", (number,)).fetchone()
        return None if row is None else dict(row)

    def dead(self, domain: str = "") -> list[dict[str, object]]:
        """The dead letters, or those to one domain."""
        rows = self.connection.execute(
            "SELECT id, recipient, attempts, reason, message_id, settled_at FROM letters"
            " WHERE state = 'dead' AND"
            " (?1 = '' OR substr(recipient, instr(recipient, '@') + 1) = lower(?1))"
            " ORDER BY id",
            (domain,),
        )
        return [dict(row) for row in rows]

    def requeue(self, numbers: list[int]) -> int:
        """Give dead letters a new set of tries; their Message-IDs stay what they were."""
        return self._dead_rows(
            numbers,
            "UPDATE letters SET state = 'waiting', attempts = 0, due_at = ?2"
            " WHERE state = 'dead' AND id = ?1",
        )

    def discard(self, numbers: list[int]) -> int:
        """Forget dead letters for good."""
        return self._dead_rows(
            numbers, "DELETE FROM letters WHERE state = 'dead' AND id = ?1 AND ?2 > 0"
        )

    def _dead_rows(self, numbers: list[int], statement: str) -> int:
        with database.writing(self.connection):
            return sum(
                self.connection.execute(statement, (number, time.time())).rowcount
                for number in numbers
            )

    def _change(self, letter: Letter, holder: str, change: str, **values: object) -> bool:
        # `change` is one of the literals above; every value goes in as a parameter.
        now = time.time()
        cursor = self.connection.execute(
            f"UPDATE letters SET {change} WHERE id = :id AND holder = :holder"  # noqa: S608
            " AND state = 'leased'",
            {
                "id": letter.id,
                "holder": holder,
                "now": now,
                "lease": now + limits.LEASE,
                **values,
            },
        )
        return cursor.rowcount == 1
