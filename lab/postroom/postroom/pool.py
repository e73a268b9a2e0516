"""The API's few connections to the store, and who holds them."""

from __future__ import annotations

import contextlib
import dataclasses
import queue
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from postroom import database, limits


class ExhaustedError(Exception):
    """No connection came free in time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Loan:
    """A connection somebody holds."""

    number: int
    purpose: str
    since: float


class Pool:
    """A fixed number of connections; a request borrows one and gives it back."""

    def __init__(self, path: Path) -> None:
        self._free: queue.LifoQueue[tuple[int, sqlite3.Connection]] = queue.LifoQueue()
        self._loans: dict[int, Loan] = {}
        self._lock = threading.Lock()
        self.leaks = False
        for number in range(1, limits.STORE_CONNECTIONS + 1):
            self._free.put((number, database.connect(path, durable=True)))

    @contextlib.contextmanager
    def borrowed(self, purpose: str, *, leaky: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection for a while; a leaky borrower forgets it while the fault `leaks` is on."""
        try:
            number, connection = self._free.get(timeout=limits.CONNECTION_PATIENCE)
        except queue.Empty:
            message = f"No store connection came free within {limits.CONNECTION_PATIENCE} s."
            raise ExhaustedError(message) from None
        with self._lock:
            self._loans[number] = Loan(number, purpose, time.time())
        try:
            yield connection
        finally:
            if not (leaky and self.leaks):
                with self._lock:
                    del self._loans[number]
                self._free.put((number, connection))

    def loans(self) -> list[Loan]:
        """Who holds one now, the longest first."""
        with self._lock:
            return sorted(self._loans.values(), key=lambda loan: loan.since)
