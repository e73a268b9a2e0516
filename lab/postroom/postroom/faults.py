"""Breaking Postroom on purpose, each time for real, and putting it right again.

Only a Postroom that was started with `up --lab` lets itself be broken.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
from collections.abc import Callable

from postroom import client, limits, relay_book, roster, spool
from postroom.home import Home, TroubleError
from postroom.roster import Kind

REFUSED = "parcels.example"
BATCH = 300
ON_THEIR_WAY = 16 * 1024
"""Bytes of letters that are in the spool and leave it in the same moment."""


def stuck_worker(home: Home, given: argparse.Namespace) -> str:
    """Stop workers where they stand: they live, hold their letters, and do nothing."""
    with roster.opened(home) as book:
        found = [w.pid for w in book.processes(Kind.WORKER) if w.pid is not None]
    chosen = found[: given.count] if given.count else found
    for pid in chosen:
        os.kill(pid, signal.SIGSTOP)
    return f"stopped {len(chosen)} of {len(found)} workers in the middle of their work (SIGSTOP)"


def backlog(home: Home, given: argparse.Namespace) -> str:
    """Far more letters than the workers can carry; all but one of the workers are gone."""
    with roster.opened(home) as book:
        if len(book.processes(Kind.WORKER)) > 1:
            book.scale(1)
    _post(home, given.count or 900, "readers.example")
    return f"put {given.count or 900} letters into the queue, with one worker to carry them"


def dead_letters(home: Home, given: argparse.Namespace) -> str:
    """The relay begins to refuse a domain that letters are on their way to."""
    with relay_book.opened(home) as book:
        book.refuse(REFUSED)
    _post(home, given.count or 40, REFUSED)
    return f"the relay refuses {REFUSED}, and {given.count or 40} letters go there"


def exhausted_connections(home: Home, _given: argparse.Namespace) -> str:
    """Requests keep their store connection for ever, until none is left."""
    client.post(home, "/lab/leak", {})
    for _ in range(limits.STORE_CONNECTIONS + 1):
        client.get(home, "/letters/1")
    return "the API leaks a store connection with each letter it looks up; none is left"


def full_quota(home: Home, _given: argparse.Namespace) -> str:
    """Uploads that were never finished fill the spool to its last byte."""
    with roster.opened(home) as book:
        room = book.quota() - spool.usage(home, book.quota()).used + ON_THEIR_WAY
    count = 0
    while room > 0:
        size = min(room, 256 * 1024)
        (home.spool / f"upload-{secrets.token_hex(6)}{spool.PART}").write_bytes(b"\0" * size)
        room -= size
        count += 1
    return f"left {count} unfinished uploads in the spool; it is full"


def slow_store(home: Home, _given: argparse.Namespace) -> str:
    """A report opens a write transaction and never ends it."""
    name = f"report-{secrets.token_hex(2)}"
    with roster.opened(home) as book:
        book.want(name, Kind.SESSION, "monthly report")
    return f"session {name} takes the store's write lock and keeps it"


FAULTS: dict[str, Callable[[Home, argparse.Namespace], str]] = {
    "stuck-worker": stuck_worker,
    "backlog": backlog,
    "dead-letters": dead_letters,
    "exhausted-connections": exhausted_connections,
    "full-quota": full_quota,
    "slow-store": slow_store,
}


def break_it(home: Home, given: argparse.Namespace) -> int:
    """Put one fault in."""
    client.demand(home)
    with roster.opened(home) as book:
        if not book.is_on("lab"):
            raise TroubleError("This Postroom is no lab: start it with `postroomctl up --lab`.")
    print(FAULTS[given.fault](home, given))
    return 0


def mend(home: Home, _given: argparse.Namespace) -> int:
    """Take every fault out, without healing what it did to the letters meanwhile."""
    client.demand(home)
    with relay_book.opened(home) as relay:
        relay.allow(REFUSED)
    with roster.opened(home) as book:
        for worker in book.processes(Kind.WORKER):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid or os.getpid(), signal.SIGCONT)
        for session in book.processes(Kind.SESSION):
            book.unwant(session.name)
        book.ask_restart("api")
        book.scale(max(limits.WORKERS, len(book.processes(Kind.WORKER))))
    for part in spool.parts(home.spool):
        part.unlink()
    print("took all faults out; `postroomctl status` says how things are")
    return 0


def _post(home: Home, count: int, domain: str) -> None:
    while count > 0:
        size = min(count, BATCH)
        letters = [
            {"to": f"reader-{number}@{domain}", "subject": "A letter", "body": "Good evening.\n"}
            for number in range(size)
        ]
        reply = client.post(home, "/letters", letters)
        if not reply.is_good:
            raise TroubleError(f"The API did not take the letters: {reply.body.strip()}")
        count -= size
