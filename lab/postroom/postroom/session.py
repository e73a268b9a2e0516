"""A long session on the store: writes without ever committing, as a careless report does.

It is a fault of the lab (`postroomctl break slow-store`). While it lasts, everybody else waits for
the write lock; when it is cancelled, SQLite takes back what it wrote.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time

from postroom import database, process

log = logging.getLogger("session")


def main() -> None:
    """Hold one write transaction open until told to end."""
    life = process.begin()
    with contextlib.closing(database.connect(life.home.store)) as connection:
        while life.goes_on():
            try:
                connection.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if not database.is_busy(error):
                    raise
        log.info("took the write lock for the monthly report")
        connection.execute("UPDATE letters SET reason = reason")
        while life.goes_on():
            life.beat("monthly report: one write transaction, open")
            time.sleep(0.05)
        if connection.in_transaction:
            connection.execute("ROLLBACK")


if __name__ == "__main__":
    main()
