"""How soon after an alert is accepted the page is handed over and the first diagnosis step starts.

One `midwatch serve`, 50 alerts a second over HTTP, each with an incident of its own (the storm rule
is off for that). The peer in the same run: the bare round trip of the same HTTP requests.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import http.server
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

RATE = 50
TOML = """
[targets.lab]

[serve]
listen = "127.0.0.1:0"
runbooks = ["ops.md"]
target = "lab"

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
RUNBOOK = """# Bench

## ServiceDown

### Diagnosis

```bash
echo "queue length"
uptime
```
"""
BEGUN = re.compile(r"keeps watch at (http://[^\s\"]+)")
LIMITS = {"page handed over": 1.0, "diagnosis step started": 0.3}


class Pages(http.server.BaseHTTPRequestHandler):
    """Remembers when the first page of each incident arrived."""

    def do_POST(self) -> None:
        """One page."""
        at = time.time()
        found = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.setdefault(found["data"]["incident"], at)  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def alert(number: int) -> bytes:
    """One alert, as Alertmanager sends it."""
    body = {
        "version": "4",
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": {"alertname": "ServiceDown", "service": f"s{number}"},
                "annotations": {},
                "startsAt": "2026-11-22T03:00:00Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "fingerprint": f"{number:016x}",
            }
        ],
    }
    return json.dumps(body).encode()


def hand_in(url: str, seconds: float) -> list[float]:
    """Hand alerts in at the rate; how long each answer took."""
    took = []
    with httpx.Client() as client:
        began = time.perf_counter()
        for number in range(int(RATE * seconds)):
            wait = began + number / RATE - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            at = time.perf_counter()
            client.post(f"{url}/intake/am", content=alert(number)).raise_for_status()
            took.append(time.perf_counter() - at)
    return took


def moment(text: str) -> float:
    """A stored moment in seconds."""
    return datetime.datetime.fromisoformat(text).timestamp()


def waits(folder: Path, got: dict[str, float]) -> dict[str, list[float]]:
    """Seconds from each acceptance, for pages and for diagnosis."""
    watch = sqlite3.connect(folder / "watch.db")
    accepted = {
        incident: moment(at)
        for incident, at in watch.execute(
            "select a.incident_id, min(i.received_at) from alerts a "
            "join intake i on i.key = a.episode || '/firing' group by a.incident_id"
        )
    }
    runs = dict(watch.execute("select run_id, incident_id from run_orders where run_id <> ''"))
    journal = sqlite3.connect(folder / "midwatch.db")
    found: dict[str, list[float]] = collections.defaultdict(list)
    for run, at in journal.execute(
        "select run_id, min(at) from run_events where kind = 'step-started' group by run_id"
    ):
        if run in runs:
            found["diagnosis step started"].append(moment(at) - accepted[runs[run]])
    for incident, arrived in got.items():
        found["page handed over"].append(arrived - accepted[incident])
    return found


def percentile(values: list[float], share: float) -> float:
    """The value that this share stays under."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main() -> int:
    """Print the figures; 1 where one misses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    ends = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    ends.got = {}  # type: ignore[attr-defined]
    threading.Thread(target=ends.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "midwatch.toml").write_text(TOML % ends.server_port)
        (folder / "ops.md").write_text(RUNBOOK)
        state = folder / "state"
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  (the standard's example)
        process = subprocess.Popen(
            [sys.executable, "-m", "midwatch", "serve"],
            cwd=folder,
            env={**os.environ, "MIDWATCH_STATE": str(state), "HOOK_SECRET": secret},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        begun = next(filter(None, map(BEGUN.search, process.stderr)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        answers = hand_in(begun[1], seconds)
        time.sleep(5.0)
        found = waits(state, ends.got)  # type: ignore[attr-defined]
        process.terminate()
        process.wait()
    return report(found, answers, int(RATE * seconds))


def report(found: dict[str, list[float]], answers: list[float], wanted: int) -> int:
    """The table, and whether all limits hold."""
    print(f"{wanted} alerts at {RATE}/s, each an incident; load {os.getloadavg()[0]:.1f}")
    print(f"{'':<28}{'count':>7}{'p50':>10}{'p99':>10}{'limit':>10}")
    missed = 0
    for name, limit in LIMITS.items():
        values = found.get(name, [])
        if not values:
            print(f"{name:<28}{0:>7}")
            missed += 1
            continue
        high = percentile(values, 0.99)
        missed += high > limit or len(values) < wanted
        print(
            f"{name:<28}{len(values):>7}{statistics.median(values) * 1000:>7.0f} ms"
            f"{high * 1000:>7.0f} ms{limit * 1000:>7.0f} ms"
        )
    middle, high = statistics.median(answers) * 1000, percentile(answers, 0.99) * 1000
    print(f"{'(HTTP answer, the peer)':<28}{len(answers):>7}{middle:>7.0f} ms{high:>7.0f} ms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
