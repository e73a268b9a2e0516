"""What `postroomctl` changes: each action says what it did, once it is done."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Callable

from postroom import client, database, limits, relay_book, roster, spool, views
from postroom.home import Home, TroubleError
from postroom.letters import Letters
from postroom.roster import Kind, Process, Roster, State

TICK = 0.05


def until(home: Home, condition: Callable[[], bool], patience: float, what: str) -> None:
    """Wait for something to become true; give up in time, or when Postroom is gone."""
    end = time.monotonic() + patience
    while not condition():
        client.demand(home)
        if time.monotonic() > end:
            raise TroubleError(f"After {patience:g} s still not so: {what}.")
        time.sleep(TICK)


def scale(home: Home, given: argparse.Namespace) -> int:
    """Run that many workers."""
    client.demand(home)
    if not 0 <= given.count <= limits.MOST_WORKERS:
        raise TroubleError(f"There can be 0 to {limits.MOST_WORKERS} workers, not {given.count}.")
    with roster.opened(home) as book:
        before = len(book.processes(Kind.WORKER))
        book.scale(given.count)
        _until_running(home, book, {f"worker-{n}" for n in range(1, given.count + 1)})
    print(f"scaled from {before} to {given.count} workers")
    return 0


def restart(home: Home, given: argparse.Namespace) -> int:
    """End processes and start them again; a worker's letters go back into the queue."""
    client.demand(home)
    with roster.opened(home) as book:
        chosen = _chosen(book, given)
        pids = {process.name: process.pid for process in chosen}
        for process in chosen:
            book.ask_restart(process.name)

        def all_replaced() -> bool:
            now = {process.name: process.pid for process in book.processes()}
            return all(now.get(name) not in {None, pid} for name, pid in pids.items())

        until(home, all_replaced, 15.0, "all were replaced")
        _until_running(home, book, set(pids))
    print(f"restarted {', '.join(pids)}")
    return 0


def _chosen(book: Roster, given: argparse.Namespace) -> list[Process]:
    if given.what != Kind.WORKER:
        return book.processes(Kind(given.what))
    found = book.processes(Kind.WORKER)
    if given.which == "all":
        return found
    named = [w for w in found if given.which in {w.name, w.name.removeprefix("worker-")}]
    if not named:
        names = ", ".join(worker.name for worker in found) or "none"
        raise TroubleError(f"There is no worker {given.which!r}; there are: {names}.")
    return named


def _until_running(home: Home, book: Roster, names: set[str]) -> None:
    def all_running() -> bool:
        now = time.time()
        states = {process.name: process.state(now) for process in book.processes()}
        return all(states.get(name) is State.RUNNING for name in names)

    until(home, all_running, 15.0, f"{', '.join(sorted(names))} running")


def switch(home: Home, given: argparse.Namespace) -> int:
    """Pause the workers, or let everything go on."""
    with roster.opened(home) as book:
        book.set("paused", "on" if given.action == "pause" else "off")
        if given.action == "resume":
            book.set("closed", "off")
    print("workers are paused" if given.action == "pause" else "workers and intake are open")
    return 0


def drain(home: Home, given: argparse.Namespace) -> int:
    """Accept nothing more, and wait until every letter is delivered or dead."""
    client.demand(home)
    with roster.opened(home) as book:
        book.set("closed", "on")
    print("the intake is closed; `postroomctl resume` opens it", flush=True)
    return _wait_empty(home, given.timeout)


def wait(home: Home, given: argparse.Namespace) -> int:
    """Wait until the queue is empty, or until the service is ready."""
    if given.condition == "empty":
        return _wait_empty(home, given.timeout)
    until(home, lambda: is_ready(home), given.timeout, "ready")
    print("ready")
    return 0


def is_ready(home: Home) -> bool:
    """Whether the API says it is ready."""
    try:
        return client.get(home, "/health/ready").is_good
    except TroubleError:
        return False


def _wait_empty(home: Home, patience: float) -> int:
    def is_empty() -> bool:
        counted = views.census(home)
        return counted.waiting + counted.leased == 0

    until(home, is_empty, patience, "the queue is empty (`postroomctl queue` shows it)")
    print("the queue is empty")
    return 0


def requeue(home: Home, given: argparse.Namespace) -> int:
    """Give dead letters another set of tries."""
    count = _on_dead(home, given, Letters.requeue)
    print(f"requeued {count} letters")
    return 0


def discard(home: Home, given: argparse.Namespace) -> int:
    """Forget dead letters for good, files and all."""
    with contextlib.closing(database.connect(home.store, patience=5.0)) as connection:
        ids = {str(x["id"]): str(x["message_id"]) for x in Letters(connection).dead()}
        numbers = _numbers(Letters(connection), given)
        count = Letters(connection).discard(numbers)
    for number in numbers:
        spool.drop(home, ids.get(str(number), ""))
    print(f"discarded {count} letters")
    return 0


def _on_dead(
    home: Home, given: argparse.Namespace, work: Callable[[Letters, list[int]], int]
) -> int:
    with contextlib.closing(database.connect(home.store, patience=5.0)) as connection:
        letters = Letters(connection)
        return work(letters, _numbers(letters, given))


def _numbers(letters: Letters, given: argparse.Namespace) -> list[int]:
    if given.letters:
        return [int(number) for number in given.letters]
    if not given.all and not given.domain:
        raise TroubleError("Say which: letter numbers, `--domain NAME`, or `--all`.")
    return [int(str(letter["id"])) for letter in letters.dead(given.domain)]


def quota(home: Home, given: argparse.Namespace) -> int:
    """Make room in the spool, or give it more."""
    match given.action:
        case "archive":
            count = spool.move_parts(home.spool, home.archive)
            print(f"moved {count} unfinished uploads to {home.archive}")
        case "restore":
            print(f"moved {spool.move_parts(home.archive, home.spool)} unfinished uploads back")
        case "purge":
            found = spool.parts(home.spool)
            for part in found:
                part.unlink()
            print(f"deleted {len(found)} unfinished uploads")
        case _:
            with roster.opened(home) as book:
                before = book.quota()
                book.set("quota", str(given.kib * 1024))
            print(f"the quota is {given.kib} KiB; it was {before // 1024} KiB")
    return 0


def cancel(home: Home, given: argparse.Namespace) -> int:
    """End a long session; the store takes back what it wrote."""
    client.demand(home)
    with roster.opened(home) as book:
        pids = {s.name: s.pid for s in book.processes(Kind.SESSION)}
        if given.session not in pids:
            names = ", ".join(pids) or "none"
            raise TroubleError(f"There is no session {given.session!r}; there are: {names}.")
        book.unwant(given.session)
    until(home, lambda: not _runs(pids[given.session]), 5.0, f"{given.session} has ended")
    print(f"cancelled {given.session}")
    return 0


def _runs(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def relay(home: Home, given: argparse.Namespace) -> int:
    """Refuse a domain at the relay, or accept it again."""
    with relay_book.opened(home) as book:
        if given.action == "refuse":
            book.refuse(given.domain)
            print(f"the relay refuses {given.domain}")
        else:
            was_refused = book.allow(given.domain)
            print(f"the relay accepts {given.domain}" + ("" if was_refused else ", as it did"))
    return 0


def send(home: Home, given: argparse.Namespace) -> int:
    """Put letters into the queue."""
    letters = [
        {"to": given.to, "subject": given.subject, "body": given.body} for _ in range(given.count)
    ]
    reply = client.post(home, "/letters", letters)
    print(reply.body, end="")
    return 0 if reply.is_good else 1
