"""10,000 open incidents: how long a list and a turn of the engine take, and how much memory.

Beside each figure stands its limit; SQLite's own time for the bare rows stands as the peer.
"""

from __future__ import annotations

import datetime
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from midwatch.alerts import model, rules
from midwatch.alerts import store as alerts
from midwatch.db import store
from midwatch.engine.watch import arrangements, turn
from midwatch.incidents import lists, policy
from midwatch.oncall import directory
from midwatch.oncall import model as oncall

COUNT = 10_000
BATCH = 1_000
MEMORY = 300
BEGIN = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PEOPLE = {
    name: oncall.Person(name, name, (oncall.Way("webhook", f"http://{name}.example.org/"),))
    for name in ("ana", "bo")
}
GIVEN = arrangements.Arrangements(
    rules=rules.Rules(storm=rules.Storm(incidents=10 * COUNT)),
    directory=directory.Directory(people=PEOPLE),
    default_policy=policy.Policy(
        "bench",
        (policy.Level(0 * MINUTE, ("person:ana",)), policy.Level(15 * MINUTE, ("person:bo",))),
    ),
)


def alert(number: int) -> model.Alert:
    """One of many: its own service, so its own incident."""
    labels = {"alertname": "Down", "service": f"s{number}", "severity": "critical"}
    return model.Alert("bench", str(number), "Down", model.Status.FIRING, BEGIN, labels=labels)


def timed(do: object, times: int = 5) -> float:
    """The median of some tries, in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        do()  # type: ignore[operator]
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> int:
    """Print the figures; 1 where one misses."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "watch.db"
        where = store.connect(f"sqlite://{path}")
        began = time.perf_counter()
        for first in range(0, COUNT, BATCH):
            batch = [alert(number) for number in range(first, first + BATCH)]
            where.write(alerts.accepting(batch, BEGIN))
            while turn.turn(where, GIVEN, BEGIN):
                pass
        opening = time.perf_counter() - began
        figures = [
            ("list page of 50", timed(lambda: lists.page(where, status="open", limit=50)), 50),
            ("turn, nothing due", timed(lambda: turn.turn(where, GIVEN, BEGIN + MINUTE)), 1000),
        ]
        began = time.perf_counter()
        turn.turn(where, GIVEN, BEGIN + 16 * MINUTE)
        all_due = time.perf_counter() - began
        bare = sqlite3.connect(path)
        query = "select * from incidents where status = 'open' order by opened_at desc limit 50"
        peer = timed(lambda: bare.execute(query).fetchall())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{COUNT} open incidents, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<32}{'found':>10}{'limit':>10}")
    for name, milliseconds, limit in figures:
        print(f"{name:<32}{milliseconds:>7.1f} ms{limit:>7} ms")
    print(f"{'memory':<32}{memory:>7.0f} MB{MEMORY:>7} MB")
    print(f"{'(SQLite alone, the same page)':<32}{peer:>7.1f} ms")
    print(f"{'(opening all, with pages)':<32}{opening:>7.1f} s, {COUNT / opening:.0f}/s")
    print(f"{'(all 10,000 due at once)':<32}{all_due:>7.1f} s, {COUNT / all_due:.0f}/s")
    misses = [name for name, value, limit in figures if value > limit] + (
        ["memory"] if memory > MEMORY else []
    )
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
