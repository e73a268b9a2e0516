"""Which processes and settings people want, and what each process last said of itself.

`postroomctl` writes what is wanted, the supervisor makes it so, the processes write their signs of
life. It is a database of its own, so that a slow store never keeps anybody from seeing or steering.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import sqlite3
import time
from collections.abc import Iterator

from postroom import database, limits
from postroom.home import Home

SCHEMA = """
CREATE TABLE IF NOT EXISTS processes (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, restart INTEGER NOT NULL DEFAULT 0,
    pid INTEGER, started_at REAL, beat_at REAL, starts INTEGER NOT NULL DEFAULT 0,
    doing TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Kind(enum.StrEnum):
    """What a process does; the name of the module that does it."""

    API = "api"
    RELAY = "relay"
    WORKER = "worker"
    SESSION = "session"


class State(enum.StrEnum):
    """How a process is, as far as can be told from outside it."""

    RUNNING = "running"
    STARTING = "starting"
    STUCK = "stuck"
    DOWN = "down"


@dataclasses.dataclass(frozen=True, slots=True)
class Process:
    """One row of the roster."""

    name: str
    kind: Kind
    restart: bool
    pid: int | None
    started_at: float | None
    beat_at: float | None
    starts: int
    doing: str

    def state(self, now: float) -> State:
        """Stuck is: it runs, and has said nothing for too long."""
        if self.pid is None or self.started_at is None:
            return State.DOWN
        if now - max(self.started_at, self.beat_at or 0.0) > limits.SILENCE:
            return State.STUCK
        return State.RUNNING if self.beat_at else State.STARTING

    def silence(self, now: float) -> float:
        """Seconds since it was last heard of."""
        return max(0.0, now - max(self.started_at or now, self.beat_at or 0.0))


def holder(name: str, pid: int) -> str:
    """How a worker signs its leases: another process under the same name is another holder."""
    return f"{name}/{pid}"


class Roster:
    """The roster, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def processes(self, kind: Kind | None = None) -> list[Process]:
        """All of them, or those of one kind; workers in the order of their numbers."""
        rows = self.connection.execute(
            "SELECT name, kind, restart, pid, started_at, beat_at, starts, doing FROM processes"
            " WHERE ?1 IS NULL OR kind = ?1 ORDER BY kind, length(name), name",
            (kind,),
        )
        return [
            Process(
                name=row["name"],
                kind=Kind(row["kind"]),
                restart=bool(row["restart"]),
                pid=row["pid"],
                started_at=row["started_at"],
                beat_at=row["beat_at"],
                starts=row["starts"],
                doing=row["doing"],
            )
            for row in rows
        ]

    def want(self, name: str, kind: Kind, doing: str = "") -> None:
        """Ask for a process."""
        self.connection.execute(
            "INSERT OR IGNORE INTO processes (name, kind, doing) VALUES (?, ?, ?)",
            (name, kind, doing),
        )

    def unwant(self, name: str) -> None:
        """Ask for a process to end."""
        self.connection.execute("DELETE FROM processes WHERE name = ?", (name,))

    def scale(self, count: int) -> None:
        """Ask for that many workers; the highest numbers go first."""
        wanted = [f"worker-{number}" for number in range(1, count + 1)]
        with database.writing(self.connection):
            for worker in self.processes(Kind.WORKER):
                if worker.name not in wanted:
                    self.unwant(worker.name)
            for name in wanted:
                self.want(name, Kind.WORKER)

    def ask_restart(self, name: str) -> None:
        """Ask for a process to be ended and started again."""
        self.connection.execute("UPDATE processes SET restart = 1 WHERE name = ?", (name,))

    def started(self, name: str, pid: int) -> None:
        """Note that a process runs, under this id."""
        self.connection.execute(
            "UPDATE processes SET pid = ?, started_at = ?, beat_at = NULL, restart = 0,"
            " starts = starts + 1 WHERE name = ?",
            (pid, time.time(), name),
        )

    def ended(self, name: str) -> None:
        """Note that a process has ended."""
        self.connection.execute("UPDATE processes SET pid = NULL WHERE name = ?", (name,))

    def beat(self, name: str, pid: int, doing: str) -> None:
        """A sign of life; a process that was replaced meanwhile is not listened to."""
        self.connection.execute(
            "UPDATE processes SET beat_at = ?, doing = ? WHERE name = ? AND pid = ?",
            (time.time(), doing, name, pid),
        )

    def setting(self, name: str, default: str = "") -> str:
        """A setting, or what it is when nobody has set it."""
        row = self.connection.execute(
            "SELECT value FROM settings WHERE name = ?", (name,)
        ).fetchone()
        return default if row is None else str(row["value"])

    def set(self, name: str, value: str) -> None:
        """Change a setting."""
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def is_on(self, name: str) -> bool:
        """Whether a switch (`paused`, `closed`, `lab`) is on."""
        return self.setting(name) == "on"

    def quota(self) -> int:
        """How many bytes the spool may hold."""
        return int(self.setting("quota", str(limits.QUOTA)))


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Roster]:
    """The roster of that state folder, closed afterwards."""
    with contextlib.closing(database.connect(home.roster, patience=5.0)) as connection:
        yield Roster(connection)
