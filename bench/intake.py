"""How many alerts a second are on disk before they are answered, beside two peers in the same run.

The peers: an endpoint of Starlette that does nothing, behind the same server; and plain commits of
one row each into SQLite on the same disk. Prints the load as well, and how many the server
takes in one second of processor time: on a busy machine that tells more than the clock.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import functools
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CONNECTIONS = 32
TOKEN = "bench-bench-bench-bench"  # noqa: S105  (it opens nothing)
TOML = """\
[serve]
listen = "127.0.0.1:0"

[sources.bench]
kind = "alertmanager"
token = "${BENCH_TOKEN}"
rate = 0

[alerts]
group_by = ["alertname"]
"""
BARE = """\
import asyncio, socket, sys, uvicorn
from starlette import applications, responses, routing

async def nothing(request):
    await request.body()
    return responses.Response(b"{}", media_type="application/json")

app = applications.Starlette(routes=[routing.Route("/intake/bench", nothing, methods=["POST"])])
on = socket.create_server(("127.0.0.1", 0), backlog=2048)
config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False,
                        date_header=False, lifespan="off")
print("keeps watch at http://127.0.0.1:%d" % on.getsockname()[1], file=sys.stderr, flush=True)
with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
    runner.run(uvicorn.Server(config).serve(sockets=[on]))
"""
ALERT = (
    '{"status":"firing","labels":{"alertname":"Bench","instance":"node-%d","job":"node",'
    '"severity":"warning"},"annotations":{"summary":"node %d is slow","description":"It takes '
    'longer than it should."},"startsAt":"2026-11-22T03:00:00Z","endsAt":"0001-01-01T00:00:00Z",'
    '"generatorURL":"http://prometheus/graph?g0.expr=up","fingerprint":"%016x"}'
)
MESSAGE = (
    '{"version":"4","groupKey":"{}","truncatedAlerts":0,"status":"firing","receiver":"midwatch",'
    '"groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://am",'
    '"alerts":[%s]}'
)


@dataclasses.dataclass(slots=True)
class Load:
    """What the connections share."""

    batch: int
    until: float
    sent: int = 0
    answered: int = 0
    refused: int = 0
    waits: list[float] = dataclasses.field(default_factory=list)

    def request(self) -> bytes:
        """The next message: alerts that were never sent before."""
        first = self.sent
        self.sent += self.batch
        alerts = ",".join(ALERT % (n, n, n) for n in range(first, self.sent))
        body = (MESSAGE % alerts).encode()
        head = (
            "POST /intake/bench HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection that sends as soon as it has its answer."""

    def __init__(self, load: Load, over: asyncio.Future[None]) -> None:
        self._load = load
        self._over = over
        self._transport: asyncio.Transport | None = None
        self._began = 0.0
        self._next = load.request()
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._began = time.perf_counter()
        self._transport.write(self._next)
        self._next = self._load.request()  # made while the server works

    def data_received(self, data: bytes) -> None:
        """The answer, or a part of it."""
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if not end or length is None or len(body) < int(length[1]):
            return
        self._got = b""
        self._answered(ok=head.startswith(b"HTTP/1.1 200"))

    def _answered(self, *, ok: bool) -> None:
        now = time.perf_counter()
        self._load.waits.append(now - self._began)
        if ok:
            self._load.answered += self._load.batch
        else:
            self._load.refused += 1
        if now < self._load.until:
            self._send()
        elif not self._over.done():
            assert self._transport is not None
            self._transport.close()
            self._over.set_result(None)


async def press(port: int, batch: int, seconds: float) -> Load:
    """Send from all connections for so long."""
    loop = asyncio.get_running_loop()
    load = Load(batch, time.perf_counter() + seconds)
    overs: list[asyncio.Future[None]] = [loop.create_future() for _ in range(CONNECTIONS)]
    for over in overs:
        made = functools.partial(Connection, load, over)
        await loop.create_connection(made, "127.0.0.1", port)
    await asyncio.gather(*overs)
    return load


@dataclasses.dataclass(frozen=True, slots=True)
class Server:
    """A process that listens."""

    process: subprocess.Popen[bytes]
    port: int


def started(command: list[str], folder: Path) -> Server:
    """Start it, and wait until it listens."""
    environment = {**os.environ, "MIDWATCH_STATE": str(folder / "state"), "BENCH_TOKEN": TOKEN}
    said = folder / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stderr=output)
    for _ in range(300):
        found = re.search(r"keeps watch at http://127\.0\.0\.1:(\d+)", said.read_text())
        if found:
            return Server(process, int(found[1]))
        time.sleep(0.1)
    raise SystemExit(f"the server did not begin: {said.read_text()}")


def sqlite_commits(folder: Path, seconds: float) -> float:
    """Plain commits of one row each, on the same disk, with the same promise."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create table intake (id integer primary key, key text unique, body text)")
    body = ALERT % (1, 1, 1)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        connection.execute("insert into intake (key, body) values (?, ?)", (str(count), body))
        count += 1
    connection.close()
    return count / seconds


def cpu_seconds(process: int) -> float:
    """What the process has spent on all cores so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, server: Server, batch: int, seconds: float) -> float:
    """Print one line; alerts a second."""
    began, busy = time.perf_counter(), cpu_seconds(server.process.pid)
    load = asyncio.run(press(server.port, batch, seconds))
    took, busy = time.perf_counter() - began, cpu_seconds(server.process.pid) - busy
    rate = load.answered / took
    waits = sorted(load.waits)
    median, late = statistics.median(waits), waits[int(len(waits) * 0.99)]
    refused = f", {load.refused} refused" if load.refused else ""
    print(
        f"{name:<41}{rate:>8,.0f}/s {load.answered / busy:>9,.0f} a CPU second  "
        f"{median * 1000:6.1f} ms, p99 {late * 1000:6.1f}{refused}  load {os.getloadavg()[0]:.1f}"
    )
    return rate


def servers(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What is measured: the peer, then Midwatch."""
    (folder / "midwatch.toml").write_text(TOML)
    midwatch = "from midwatch.faces.cli.main import main; main()"
    yield "nothing", [sys.executable, "-c", BARE]
    yield "midwatch", [sys.executable, "-c", midwatch, "serve"]


def kept(folder: Path) -> int:
    """How many alerts are on disk."""
    connection = sqlite3.connect(folder / "state" / "watch.db")
    (count,) = connection.execute("select count(*) from intake").fetchone()
    connection.close()
    return int(count)


def main() -> None:
    """Measure all of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5.0)
    seconds = arguments.parse_args().seconds
    folder = Path(tempfile.mkdtemp(prefix="midwatch-bench-"))
    try:
        _measure_all(folder, seconds)
    finally:
        shutil.rmtree(folder)


def _measure_all(folder: Path, seconds: float) -> None:
    rates: dict[tuple[str, int], float] = {}
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CONNECTIONS} connections")
    plain = sqlite_commits(folder, min(seconds, 3.0))
    print(f"{'SQLite, plain commits of one row':<41}{plain:>8,.0f}/s")
    labels: dict[str, Callable[[int], str]] = {
        "nothing": lambda batch: f"Starlette that does nothing, {batch} at a time",
        "midwatch": lambda batch: f"midwatch serve, {batch} at a time",
    }
    for name, command in servers(folder):
        server = started(command, folder)
        for batch in (1, 100):
            rates[name, batch] = measure(labels[name](batch), server, batch, seconds)
        server.process.terminate()
        server.process.wait()
    for batch in (1, 100):
        share = rates["midwatch", batch] / rates["nothing", batch]
        print(f"  of an endpoint that does nothing, {batch} at a time: {share:.0%}")
    print(f"  of plain commits: {rates['midwatch', 1] / plain:.1f} times")
    print(f"  on disk afterwards: {kept(folder):,} alerts")


if __name__ == "__main__":
    main()
