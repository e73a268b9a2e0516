"""Of two watches on one store one pages; the other is told so, or stands by and takes over."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.smoke.servers import conftest as servers
from tests.watch import harness, server, test_kill

from midwatch.alerts import forgetting, missed_heartbeats, probes, procedure_probes
from midwatch.base import clock as base_clock
from midwatch.db import claim, postgres_claim, store
from midwatch.engine.watch import arrangements, left_behind, looking, probing, turn
from midwatch.incidents import carriers, orders

place, postgres, ends = servers.place, servers.postgres, test_kill.ends
TOML = """\
[serve]
listen = "127.0.0.1:0"
database = "${DATABASE_URL}"

[alerts]
group_by = ["service"]

[alerts.storm]
incidents = 1000

[people.ana]
webhook = "http://127.0.0.1:%d/"

[channels.webhook]
secret = "${HOOK_SECRET}"
"""
HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  (the standard's own example)
PAGES = 40
FOREIGN = "select pg_terminate_backend(pid) from pg_locks where classid = 1835623543 and granted"


@pytest.fixture
def database(postgres: str) -> str:
    """A database of its own."""
    import psycopg  # noqa: PLC0415  (an extra)

    name = f"w{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as session:
        session.execute(f"create database {name}".encode())
    return postgres.rpartition("/")[0] + f"/{name}"


def watch(folder: Path, database: str, port: int, *arguments: str) -> server.Server:
    """A watch with a folder of its own, which pages Ana at that port."""
    folder.mkdir()
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    state = {
        "MIDWATCH_STATE": str(folder / "state"),
        "DATABASE_URL": database,
        "HOOK_SECRET": HOOK_SECRET,
    }
    made = server.Server(folder, {**known, **state})
    made.configure(TOML % port)
    made.start(*arguments)
    return made


@pytest.fixture
def two(
    tmp_path: Path, database: str, ends: test_kill.Ends
) -> Iterator[tuple[server.Server, server.Server]]:
    """One that keeps the watch, and one that stands by."""
    first = watch(tmp_path / "first", database, ends.port)
    second = watch(tmp_path / "second", database, ends.port, "--standby")
    yield first, second
    for each in (first, second):
        if each.process is not None and each.process.poll() is None:
            each.kill()


def is_ready(each: server.Server) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(each.url + "/health/ready").status_code == 200
    return False


def test_a_second_watch_is_told_and_ends(two: tuple[server.Server, server.Server]) -> None:
    first, second = two
    assert first.process is not None
    done = subprocess.run(
        [*server.PROGRAM], cwd=second.folder, env=second.environment,
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert (
        "Another `midwatch serve` keeps the watch in this database (midwatch serve on"
        in done.stderr
    )
    assert f"process {first.process.pid})." in done.stderr

    assert httpx.get(second.url + "/health").json() == {"status": "standby"}
    alert = {"name": "Down"}
    refused = second.post("/intake/generic", alert)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert httpx.get(second.url + "/health/ready").status_code == 503
    assert first.post("/intake/generic", alert).is_success
    server.until(first.incidents, "the incident")

    first.kill()
    server.until(lambda: is_ready(second), "the take-over", seconds=10)
    assert [each["title"] for each in second.incidents()] == ["Down"]
    assert second.post("/intake/generic", {"name": "Up"}).is_success


def test_a_watch_that_says_that_it_leaves_is_followed_at_once(
    two: tuple[server.Server, server.Server],
) -> None:
    first, second = two
    assert first.stop() == 0
    server.until(lambda: is_ready(second), "the take-over", seconds=4)
    first.start("--standby")
    assert httpx.get(first.url + "/health").json() == {"status": "standby"}
    assert first.stop() == 0


def test_a_watch_that_lost_its_claim_ends_before_the_other_begins(
    two: tuple[server.Server, server.Server], database: str, ends: test_kill.Ends
) -> None:
    import psycopg  # noqa: PLC0415  (an extra)

    first, second = two
    assert first.process is not None
    alerts = [{"labels": {"alertname": "Down", "service": f"s{n}"}} for n in range(PAGES)]
    with psycopg.connect(database, autocommit=True) as session:
        assert first.post("/api/v2/alerts", alerts).is_success
        session.execute(FOREIGN.encode())  # as a server that ends idle sessions does
        began = server.until(lambda: first.process and first.process.poll(), "its end", 6)
    assert began == 1
    assert not is_ready(second)
    assert any("The claim to the watch is lost" in line for line in first.said)
    server.until(lambda: is_ready(second), "the take-over", seconds=10)
    server.until(lambda: len(ends.got) == PAGES, "the pages")
    assert sum(ends.got.values()) <= PAGES + 1  # at most one more for an end in the middle


@pytest.mark.skipif(os.environ.get("MIDWATCH_LONG") != "1", reason="a long form")
def test_a_watch_that_stood_still_never_pages_beside_the_other(
    two: tuple[server.Server, server.Server],
) -> None:
    first, second = two
    assert first.process is not None
    first.process.send_signal(signal.SIGSTOP)
    server.until(lambda: is_ready(second), "the take-over", seconds=25)
    first.process.send_signal(signal.SIGCONT)
    assert first.process.wait(timeout=5) == 1


def test_a_claim_is_not_trusted_for_longer_than_it_was_confirmed(
    tmp_path: Path, database: str
) -> None:
    clock = harness.Watch(tmp_path)
    mine = postgres_claim.PostgresClaim(database, clock)
    other = postgres_claim.PostgresClaim(database, clock)
    assert other.who() == ""
    assert (mine.take(), mine.settling(), other.take()) == (True, 0.0, False)
    assert other.who().endswith(f"process {os.getpid()}")
    clock.time += 3 * harness.STEP / 15
    assert mine.is_sure()
    clock.time += harness.STEP / 15
    assert not mine.is_sure()
    assert mine.confirm()
    mine._session.close()  # type: ignore[union-attr]
    server.until(lambda: mine.confirm() and mine.who(), "the claim once more")
    assert mine.is_sure()
    mine._session.close()  # type: ignore[union-attr]
    server.until(other.take, "the other's claim")
    assert other.settling() == 5.0
    assert mine.confirm()  # it may send on: the other one waits
    clock.time += 4 * harness.STEP / 15
    assert not mine.is_sure()
    assert not mine.confirm()
    other.release()
    mine.release()
    clock.where.close()


def test_a_file_has_one_watch_as_well(tmp_path: Path) -> None:
    ticks = base_clock.SystemClock()
    mine, other = (claim.of(f"sqlite://{tmp_path / 'watch.db'}", ticks) for _ in range(2))
    assert (mine.take(), other.take(), mine.is_sure(), other.is_sure()) == (
        True,
        False,
        True,
        False,
    )
    mine.release()
    assert (other.take(), other.settling()) == (True, 0.0)
    other.release()


def test_what_is_asked_for_and_forgotten_is_the_same_on_postgres(database: str) -> None:
    """The statements that SQLite tests hold to their promises run there as well."""
    where, now = store.connect(database), harness.BEGIN
    probe = procedure_probes.ProcedureProbe(
        probes.Probe("Health", harness.MINUTE, 0 * harness.MINUTE), "ops.md#health", "lab"
    )
    given = arrangements.Arrangements(procedure_probes=(probe,))
    looking.look(where, given, now)
    (order,) = carriers.take(where, 10, "db1/1")
    assert carriers.take(where, 10, "db2/1") == []
    assert [each.key for each, _ in carriers.elsewhere(where, "db2/1")] == [order.key]
    where.write(orders.started(order, "R1"))
    assert carriers.is_going_on(where, "R1", "db1/1")
    left_behind.tell(where, given, "db2/1", now)
    looking.look(where, given, now)
    turn.turn(where, given, now)
    assert where.rows("select name, status from alerts") == [("HealthUnknown", "firing")]
    assert probing.end_gone(where, (), now) == 1
    assert missed_heartbeats.end_gone(where, (), now) == 0
    turn.turn(where, given, now)
    assert where.rows("select name, status from alerts") == [("HealthUnknown", "resolved")]
    forgetting.records(where, now, now)
    where.close()
