"""What `postroomctl` shows: each view reads, and changes nothing."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sqlite3
import time

from postroom import client, database, health, relay_book, roster, spool, table
from postroom.home import Home, TroubleError
from postroom.letters import Census, Letters


def census(home: Home) -> Census:
    """Count the letters, straight from the store."""
    with contextlib.closing(database.connect(home.store, patience=5.0)) as connection:
        return Letters(connection).census()


def status(home: Home, given: argparse.Namespace) -> int:
    """How everything is, in one look; `--check` exits with 1 when something needs attention."""
    client.demand(home)
    counted = census(home)
    checks = _checks(home)
    problems = [f"{check['name']}: {check['detail']}" for check in checks if not check["ok"]]
    problems += health.warnings(counted)
    with relay_book.opened(home) as book:
        tally = book.tally()
    if given.json:
        found = {
            "healthy": not problems,
            "problems": problems,
            "url": f"http://127.0.0.1:{home.ports.api}",
            "checks": checks,
            "letters": dataclasses.asdict(counted),
            "relay": dataclasses.asdict(tally),
        }
        print(json.dumps(found, indent=2))
    else:
        verdict = "needs attention" if problems else "healthy"
        print(f"postroom at http://127.0.0.1:{home.ports.api}: {verdict}\n")
        rows: list[list[object]] = [
            [c["name"], "ok" if c["ok"] else "FAILING", c["detail"]] for c in checks
        ]
        print(table.render(["CHECK", "STATE", "DETAIL"], rows))
        print("\n" + letters_line(counted))
        print(f"relay: {tally.delivered} delivered, {tally.copies_dropped} copies dropped")
        for warning in health.warnings(counted):
            print(f"warning: {warning}")
    return 1 if given.check and problems else 0


def letters_line(counted: Census) -> str:
    """The queue in one line."""
    return (
        f"letters: {counted.waiting} waiting, {counted.leased} leased,"
        f" {counted.delivered} delivered, {counted.dead} dead"
    )


def _checks(home: Home) -> list[dict[str, object]]:
    try:
        found = json.loads(client.get(home, "/health/ready").body)["checks"]
    except (TroubleError, ValueError, KeyError) as error:
        return [{"name": "api", "ok": False, "detail": str(error)}]
    return [dict(check) for check in found]


def queue(home: Home, given: argparse.Namespace) -> int:
    """How many letters are where, and how fast they go."""
    counted = census(home)
    if given.json:
        print(json.dumps(dataclasses.asdict(counted), indent=2))
        return 0
    rows: list[list[object]] = [
        ["waiting", counted.waiting],
        ["leased", counted.leased],
        ["delivered", counted.delivered],
        ["dead", counted.dead],
        ["in doubt", counted.in_doubt],
        ["oldest waiting", f"{counted.oldest_waiting_seconds} s"],
        ["delivered in the last 10 s", counted.delivered_last_10_seconds],
    ]
    print(table.render(["LETTERS", "COUNT"], rows))
    return 0


def workers(home: Home, given: argparse.Namespace) -> int:
    """What each worker does, and when it was last heard of."""
    with roster.opened(home) as book:
        found = book.processes(roster.Kind.WORKER)
    now = time.time()
    if given.json:
        print(
            json.dumps([dataclasses.asdict(w) | {"state": w.state(now)} for w in found], indent=2)
        )
        return 0
    rows = [
        [w.name, w.state(now), w.pid or "-", f"{w.silence(now):.1f} s ago", w.starts, w.doing]
        for w in found
    ]
    print(table.render(["WORKER", "STATE", "PID", "HEARD", "STARTS", "DOING"], rows))
    return 0


def connections(home: Home, given: argparse.Namespace) -> int:
    """Who holds the API's connections to the store."""
    found = json.loads(client.get(home, "/connections").body)
    if given.json:
        print(json.dumps(found, indent=2))
        return 0
    print(f"{len(found['in_use'])} of {found['size']} store connections in use")
    if found["in_use"]:
        rows = [[x["number"], f"{x['seconds']} s", x["purpose"]] for x in found["in_use"]]
        print(table.render(["CONNECTION", "HELD FOR", "BY"], rows))
    return 0


def quota(home: Home, given: argparse.Namespace) -> int:
    """What fills the spool."""
    with roster.opened(home) as book:
        usage = spool.usage(home, book.quota())
    if given.json:
        print(json.dumps(dataclasses.asdict(usage) | {"percent": usage.percent}, indent=2))
        return 0
    rows = [
        ["letters", usage.letters, usage.letter_bytes // 1024],
        ["unfinished uploads", usage.parts, usage.part_bytes // 1024],
        ["quota", "", usage.quota // 1024],
    ]
    print(table.render(["SPOOL", "FILES", "KIB"], rows))
    print(f"{usage.percent} % used")
    return 0


def dead(home: Home, given: argparse.Namespace) -> int:
    """The dead letters, each with the reason it was refused for."""
    with contextlib.closing(database.connect(home.store, patience=5.0)) as connection:
        found = Letters(connection).dead(given.domain)
    if given.json:
        print(json.dumps(found, indent=2))
        return 0
    rows = [[x["id"], x["recipient"], x["attempts"], x["reason"]] for x in found[: given.limit]]
    print(table.render(["LETTER", "RECIPIENT", "TRIES", "REASON"], rows))
    print(f"{len(found)} dead letters" + (f", {len(rows)} shown" if len(rows) < len(found) else ""))
    return 0


def sessions(home: Home, given: argparse.Namespace) -> int:
    """The long sessions on the store, and whether its write lock is to be had."""
    with roster.opened(home) as book:
        found = book.processes(roster.Kind.SESSION)
    now = time.time()
    if given.json:
        print(json.dumps([dataclasses.asdict(session) for session in found], indent=2))
        return 0
    rows = [[s.name, s.pid or "-", f"{now - (s.started_at or now):.0f} s", s.doing] for s in found]
    print(table.render(["SESSION", "PID", "AGE", "DOING"], rows))
    began = time.monotonic()
    with contextlib.closing(database.connect(home.store)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            print(f"write lock: not given ({error})")
        else:
            print(f"write lock: given after {(time.monotonic() - began) * 1000:.0f} ms")
    return 0


def store_check(home: Home, _given: argparse.Namespace) -> int:
    """Whether the store is sound and agrees with the spool and the relay."""
    with contextlib.closing(database.connect(home.store, patience=5.0)) as connection:
        verdict = str(connection.execute("PRAGMA quick_check").fetchone()[0])
        rows = connection.execute(
            "SELECT message_id FROM letters WHERE state IN ('waiting', 'leased')"
        ).fetchall()
        missing = sum(not spool.path(home, row["message_id"]).exists() for row in rows)
        delivered = Letters(connection).census().delivered
    with relay_book.opened(home) as book:
        tally = book.tally()
    print(f"database: {verdict}")
    print(f"letters without their file: {missing}")
    print(f"delivered: {delivered} by the store, {tally.delivered} by the relay")
    return 0 if verdict == "ok" and not missing else 1


def relay_rules(home: Home, _given: argparse.Namespace) -> int:
    """Whom the relay refuses."""
    with relay_book.opened(home) as book:
        refused = book.refused()
    print("\n".join(f"refuse {domain}" for domain in refused) or "no domain is refused")
    return 0


def logs(home: Home, given: argparse.Namespace) -> int:
    """The last lines of a process's log; `--follow` shows what is added, without end."""
    place = home.logs / f"{given.process}.log"
    if not place.is_file():
        names = ", ".join(sorted(log.stem for log in home.logs.glob("*.log"))) or "none"
        raise TroubleError(f"There is no log of {given.process!r}; there are: {names}.")
    with place.open(encoding="utf-8", errors="replace") as log:
        for line in log.readlines()[-given.tail :]:
            print(line, end="", flush=True)
        while given.follow:
            print(log.readline(), end="", flush=True)
            time.sleep(0.1)
    return 0


def get(home: Home, given: argparse.Namespace) -> int:
    """What the API answers at a path; `--fail` exits with 1 unless the answer is good."""
    reply = client.get(home, given.path)
    print(reply.body, end="")
    return 1 if given.fail and not reply.is_good else 0
