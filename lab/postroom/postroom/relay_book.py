"""What the relay writes down: each Message-ID once, every copy counted, and whom it refuses."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
import time
from collections.abc import Iterator

from postroom import database
from postroom.home import Home

SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    message_id TEXT PRIMARY KEY, recipient TEXT NOT NULL, received_at REAL NOT NULL,
    handovers INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS refused (domain TEXT PRIMARY KEY, since REAL NOT NULL);
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """The relay's own count."""

    delivered: int
    """Letters in the recipients' boxes; one for each Message-ID."""
    copies_dropped: int
    """Letters it was handed once more, and did not deliver a second time."""


class RelayBook:
    """The relay's book, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def deliver(self, message_id: str, recipient: str) -> None:
        """Write a delivery down; a Message-ID it knows already only adds to the copies."""
        self.connection.execute(
            "INSERT INTO deliveries (message_id, recipient, received_at) VALUES (?, ?, ?)"
            " ON CONFLICT (message_id) DO UPDATE SET handovers = handovers + 1",
            (message_id, recipient, time.time()),
        )

    def tally(self) -> Tally:
        """Count the deliveries."""
        row = self.connection.execute(
            "SELECT count(*) AS delivered, coalesce(sum(handovers), 0) AS handovers FROM deliveries"
        ).fetchone()
        return Tally(row["delivered"], row["handovers"] - row["delivered"])

    def refused(self) -> list[str]:
        """The domains whose recipients are refused."""
        return [str(row[0]) for row in self.connection.execute("SELECT domain FROM refused")]

    def refuse(self, domain: str) -> None:
        """Refuse a domain from now on."""
        self.connection.execute(
            "INSERT OR IGNORE INTO refused VALUES (?, ?)", (domain.lower(), time.time())
        )

    def allow(self, domain: str) -> bool:
        """Accept a domain again; false when it was not refused."""
        cursor = self.connection.execute("DELETE FROM refused WHERE domain = ?", (domain.lower(),))
        return cursor.rowcount == 1


@contextlib.contextmanager
def opened(home: Home) -> Iterator[RelayBook]:
    """The book of that state folder, closed afterwards."""
    with contextlib.closing(database.connect(home.relay, patience=5.0, durable=True)) as connection:
        yield RelayBook(connection)
