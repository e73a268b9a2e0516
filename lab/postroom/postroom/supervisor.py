"""The supervisor: makes the processes that run those that are wanted, and leaves none behind."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import fcntl
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from postroom import database, home, letters, lifeline, limits, relay_book, roster
from postroom.home import Home, Ports
from postroom.letters import Letters
from postroom.roster import Kind, Process, Roster

PROGRAMS = Path(__file__).resolve().parent.parent
TICK = 0.05
log = logging.getLogger("supervisor")


@dataclasses.dataclass(slots=True)
class Child:
    """A process we started."""

    name: str
    kind: Kind
    process: subprocess.Popen[bytes]
    started: float
    end_by: float | None = None
    """When it will be killed, once it has been told to end."""

    def end(self) -> None:
        """Tell it to end; kill it when its grace is over."""
        if self.end_by is None:
            self.process.terminate()
            self.end_by = time.monotonic() + limits.GRACE
        elif time.monotonic() > self.end_by:
            self.process.kill()


class Supervisor:
    """One supervisor, its sockets and its children."""

    def __init__(self, place: Home, book: Roster) -> None:
        self.home = place
        self.book = book
        self.children: dict[str, Child] = {}
        self.not_before: dict[str, float] = {}
        self.owed: set[str] = set()
        """Workers that are gone and whose leases are not given back yet."""
        self.ending = False
        self.sockets = {Kind.API: _listener(), Kind.RELAY: _listener()}
        ports = [listener.getsockname()[1] for listener in self.sockets.values()]
        place.write_ports(Ports(*ports))

    def run(self) -> None:
        """Tend the children until told to end; then end them all."""
        while not self.ending:
            self.tend()
            time.sleep(TICK)
        for process in self.book.processes(Kind.SESSION):
            self.book.unwant(process.name)
        while self.children:
            for child in self.children.values():
                child.end()
            self.count_the_dead()
            time.sleep(TICK / 5)
        log.info("everything has ended")

    def tend(self) -> None:
        """One look at what is wanted and what runs."""
        self.count_the_dead()
        self.give_back_leases()
        wanted = {process.name: process for process in self.book.processes()}
        for child in self.children.values():
            process = wanted.get(child.name)
            if process is None or process.restart or child.end_by is not None:
                child.end()
        for process in wanted.values():
            may_start = time.monotonic() >= self.not_before.get(process.name, 0.0)
            if process.name not in self.children and may_start:
                self.start(process)

    def start(self, process: Process) -> None:
        """Start one process; its words go to a log of its own."""
        command = [sys.executable, "-m", f"postroom.{process.kind}", "--name", process.name]
        command += ["--parent", str(os.getpid())]
        listener = self.sockets.get(process.kind)
        if listener is not None:
            command += ["--listener", str(listener.fileno())]
        with (self.home.logs / f"{process.name}.log").open("ab") as output:
            started = subprocess.Popen(
                command,
                cwd=PROGRAMS,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[listener.fileno()] if listener is not None else [],
            )
        self.book.started(process.name, started.pid)
        child = Child(process.name, process.kind, started, time.monotonic())
        self.children[process.name] = child
        log.info("started %s as process %s", process.name, started.pid)

    def count_the_dead(self) -> None:
        """Note who has ended, and when it may be started again."""
        for child in list(self.children.values()):
            status = child.process.poll()
            if status is None:
                continue
            del self.children[child.name]
            self.book.ended(child.name)
            log.info("%s has ended (%s)", child.name, status)
            if child.kind is Kind.WORKER:
                self.owed.add(roster.holder(child.name, child.process.pid))
            if child.kind is Kind.SESSION:
                self.book.unwant(child.name)
            if child.end_by is None and time.monotonic() - child.started < limits.GRACE:
                self.not_before[child.name] = time.monotonic() + limits.GRACE

    def give_back_leases(self) -> None:
        """A dead worker's letters go back into the queue, as soon as the store takes it."""
        if not self.owed:
            return
        with contextlib.closing(database.connect(self.home.store, patience=0.05)) as connection:
            for name in sorted(self.owed):
                try:
                    released = Letters(connection).release(name)
                except sqlite3.OperationalError as error:
                    if not database.is_busy(error):
                        raise
                    return
                self.owed.discard(name)
                log.info("gave back %s letters of %s", released, name)


def _listener() -> socket.socket:
    """A socket on a free port; it is ours, so that a restarted child listens where it did."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    listener.set_inheritable(True)
    return listener


def _take_the_lock(place: Home) -> int:
    """Be the only supervisor of this folder; the lock falls when we end, however we end."""
    lock = os.open(place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + limits.GRACE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:  # `postroomctl` touches the lock for a moment when it looks
            if time.monotonic() > until:
                message = f"A Postroom runs in {place.folder} already."
                raise home.TroubleError(message) from None
            time.sleep(TICK)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def serve(place: Home, workers: int, *, lab: bool) -> None:
    """Prepare the folder, then supervise until told to end."""
    place.prepare()
    lock = _take_the_lock(place)
    database.create(place.store, letters.SCHEMA)
    database.create(place.roster, roster.SCHEMA)
    database.create(place.relay, relay_book.SCHEMA)
    with contextlib.closing(database.connect(place.store)) as connection:
        Letters(connection).release()  # whoever held one has died with the last supervisor
    with roster.opened(place) as book:
        for process in book.processes():
            book.unwant(process.name)
        book.want("api", Kind.API)
        book.want("relay", Kind.RELAY)
        book.scale(workers)
        book.set("lab", "on" if lab else "off")
        supervisor = Supervisor(place, book)

        def end(_signal: int, _frame: object) -> None:
            supervisor.ending = True

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        supervisor.run()
    os.close(lock)


def main() -> None:
    """Supervise the folder of `POSTROOM_HOME`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--workers", type=int, default=limits.WORKERS)
    parser.add_argument("--lab", action="store_true")
    parser.add_argument("--parent", type=int, default=0)
    given = parser.parse_args()
    if given.parent:
        lifeline.hold(given.parent, signal.SIGTERM)
    logging.basicConfig(
        format="%(asctime)s supervisor %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
        level=logging.INFO,
    )
    try:
        serve(home.from_environment(), given.workers, lab=given.lab)
    except home.TroubleError as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
