"""`kill -9` again and again: no accepted alert is lost, and every page that is due goes out.

The long form (MIDWATCH_LONG=1) has 100,000 alerts and 500 incidents.
"""

from __future__ import annotations

import collections
import dataclasses
import http.server
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.watch import server

from midwatch.db import store

LONG = os.environ.get("MIDWATCH_LONG") == "1"
ALERTS, INCIDENTS, KILLS = (100_000, 500, 20) if LONG else (3_000, 60, 3)
BATCH = 100
BETWEEN = (2.0, 5.0) if LONG else (0.5, 1.5)
"""Seconds between two kills."""
AFTER_RESTART = 10.0
TOML = """
[serve]
listen = "127.0.0.1:0"

[sources.am]
kind = "alertmanager"
rate = 0

[alerts]
group_by = ["service"]

[alerts.storm]
incidents = 100000

[people.ana]
name = "Ana"
notify = ["webhook"]
webhook = "http://127.0.0.1:%d/"

[escalation.default]
levels = [{ after = "0m", notify = ["person:ana"] }]

[channels.webhook]
secret = "${HOOK_SECRET}"
"""


class Pages(http.server.BaseHTTPRequestHandler):
    """Counts what arrives, by the id that the sender gave it."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:  # type: ignore[attr-defined]
            self.server.got[self.headers["webhook-id"]] += 1  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@dataclasses.dataclass(slots=True)
class Ends:
    """Whoever is paged."""

    port: int
    got: collections.Counter[str]


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    made.got, made.lock = collections.Counter(), threading.Lock()  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield Ends(made.server_port, made.got)  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()


@pytest.fixture
def watch(tmp_path: Path, ends: Ends) -> Iterator[server.Server]:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  (the standard's own example)
    yield from server.serving(tmp_path, TOML % ends.port, HOOK_SECRET=secret)


def body(first: int) -> bytes:
    """A webhook of Alertmanager with a batch of alerts."""
    alerts = [
        {
            "status": "firing",
            "labels": {"alertname": "Down", "service": f"s{number % INCIDENTS}", "n": str(number)},
            "annotations": {},
            "startsAt": "2026-11-22T03:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": f"{number:016x}",
        }
        for number in range(first, first + BATCH)
    ]
    return json.dumps({"version": "4", "status": "firing", "alerts": alerts}).encode()


def hand_in(watch: server.Server) -> None:
    """Hand all alerts in, each batch until it was accepted, as Alertmanager does."""
    for first in range(0, ALERTS, BATCH):
        data = body(first)
        while True:
            try:
                if watch.post("/intake/am", data).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.05)


def sent(where: store.Store) -> list[str]:
    """The pages that the watch says went out."""
    query = "select key from outbox where kind = 'page' and state = 'sent'"
    return [row[0] for row in where.rows(query)]


@pytest.mark.timeout(1800 if LONG else 120)
def test_no_accepted_alert_is_lost_and_every_page_goes_out(
    watch: server.Server, ends: Ends
) -> None:
    sender = threading.Thread(target=hand_in, args=(watch,), daemon=True)
    sender.start()
    dice = random.Random(7)  # noqa: S311  (only when, no secret)
    kills = 0
    while kills < KILLS:
        time.sleep(dice.uniform(*BETWEEN))
        watch.kill()
        kills += 1
        watch.start()
    sender.join(timeout=1200 if LONG else 60)
    assert not sender.is_alive()
    watch.kill()
    watch.start()
    restarted = time.monotonic()
    where = store.connect(f"sqlite://{watch.folder / 'state' / 'watch.db'}")
    server.until(lambda: len(sent(where)) >= INCIDENTS, "all pages", AFTER_RESTART * 3)
    took = time.monotonic() - restarted

    assert where.rows("select count(*) from intake") == [(ALERTS,)]
    server.until(
        lambda: where.rows("select count(*) from alerts") == [(ALERTS,)], "all alerts looked at"
    )
    assert where.rows("select count(*) from incidents") == [(INCIDENTS,)]
    paged = "select count(distinct incident_id) from outbox where kind = 'page' and state = 'sent'"
    assert where.rows(paged) == [(INCIDENTS,)]
    twice = sum(count - 1 for count in ends.got.values())
    assert len(ends.got) >= INCIDENTS
    assert twice <= kills + 1
    assert took <= AFTER_RESTART
    where.close()
