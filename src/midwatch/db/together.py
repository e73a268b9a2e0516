"""Transactions of one process that wait for the same file are committed together.

Each is whole or not at all, as if it were alone; what they share is the wait for the disk, which is
nearly all that a small transaction costs. Whoever's turn it is writes for all that wait.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

Statements: TypeAlias = Sequence[tuple[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]]
MOST = 64
"""Transactions in one commit."""


@dataclasses.dataclass(slots=True)
class Transaction:
    """What one thread wants written, and how it went."""

    statements: Statements
    over: bool = False
    fits: bool = False
    """Whether it could be carried out; it counts once all that share the commit are on disk."""
    written: bool = False
    """Whether it was; where it was not and there is no error, a key was taken already."""
    error: Exception | None = None


class Turns:
    """Whose turn it is to write to the file."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: collections.deque[Transaction] = collections.deque()

    def write(self, connection: sqlite3.Connection, statements: Statements) -> bool:
        """Write them, on disk when it returns; False where a key is taken already."""
        own = Transaction(statements)
        self._waiting.append(own)
        while not own.over:
            with self._turn:
                if not own.over:
                    _commit(connection, self._taken())
        if own.error is not None:
            raise own.error
        return own.written

    def _taken(self) -> list[Transaction]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]


@functools.cache
def turns(path: Path) -> Turns:
    """The turns of this process at that file."""
    del path
    return Turns()


def _commit(connection: sqlite3.Connection, together: list[Transaction]) -> None:
    try:
        connection.execute("begin immediate")
        for each in together:
            _attempt(connection, each)
        connection.execute("commit")
        for each in together:
            each.written = each.fits
    except sqlite3.Error as error:
        _give_up(connection, together, error)
    finally:
        if connection.in_transaction:  # interrupted: nothing of it counts
            _give_up(connection, together, sqlite3.OperationalError("interrupted"))
        for each in together:
            each.over = True


def _give_up(
    connection: sqlite3.Connection, together: list[Transaction], error: sqlite3.Error
) -> None:
    if connection.in_transaction:
        connection.execute("rollback")
    for each in together:
        each.error = error


def _attempt(connection: sqlite3.Connection, each: Transaction) -> None:
    """One of them; what is wrong with it leaves the others alone."""
    connection.execute("savepoint one")
    try:
        for query, values in each.statements:
            if isinstance(values, Mapping):
                connection.execute(query, values)
            else:
                connection.executemany(query, values)
        each.fits = True
    except sqlite3.IntegrityError:
        connection.execute("rollback to one")
    except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
        if not connection.in_transaction:  # a full disk ends the transaction of all
            raise
        each.error = error
        connection.execute("rollback to one")
    connection.execute("release one")
