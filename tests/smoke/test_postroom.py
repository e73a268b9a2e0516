"""Postroom breaks for real, is seen to be broken from outside, heals, and loses nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import random
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import pytest
from tests.smoke import zygote

from postroom import outside
from postroom.outside import LAB

LONG = pytest.mark.skipif(not os.environ.get("MIDWATCH_LONG"), reason="only in `make test-long`")


def eventually(condition: Callable[[], bool], patience: float = 20.0) -> bool:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def runs(pid: int) -> bool:
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


@dataclasses.dataclass(frozen=True, slots=True)
class Postroom(outside.Outside):
    """A running Postroom, seen from outside."""

    supervisor: subprocess.Popen[bytes] = dataclasses.field(kw_only=True)

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.call("postroomctl", *words)

    def call(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program as this Postroom's people do, with no state of theirs but its own."""
        state = {"MIDWATCH_STATE": str(self.folder / "midwatch")}
        return zygote.shared().run(
            *words, folder=pathlib.Path.cwd(), environment=self.environment | state, program=program
        )


@contextlib.contextmanager
def started() -> Iterator[Postroom]:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="postroom-"))
    with outside.Outside(folder).start() as supervisor:
        try:
            running = Postroom(folder, supervisor=supervisor)
            running.wait_until_ready()
            yield running
        finally:
            supervisor.terminate()
    shutil.rmtree(folder)


@pytest.fixture
def postroom() -> Iterator[Postroom]:
    with started() as running:
        yield running


@pytest.fixture(scope="module")
def shared_postroom() -> Iterator[Postroom]:
    """One for the tests that leave it as it was."""
    with started() as running:
        yield running


def test_a_healthy_postroom_delivers_each_letter_once_and_says_so(postroom: Postroom) -> None:
    accepted = json.loads(postroom.ctl("send", "a@readers.example", "--count", "25"))
    postroom.ctl("wait", "empty")
    assert accepted["accepted"] == 25
    assert len(postroom.deliveries()) == 25
    assert postroom.http("GET", "/health")[0] == 200
    assert postroom.http("GET", "/health/ready")[0] == 200
    metrics = postroom.http("GET", "/metrics")[1]
    assert 'postroom_letters{state="delivered"} 25\n' in metrics
    letter = json.loads(postroom.http("GET", "/letters/25")[1])
    assert letter["state"] == "delivered"
    assert list((postroom.folder / "spool").iterdir()) == []


def test_the_same_message_id_twice_is_one_letter(shared_postroom: Postroom) -> None:
    letter = {"to": "a@readers.example", "message_id": "<order-1@shop.example>"}
    answers = {shared_postroom.http("POST", "/letters", letter) for _ in range(2)}
    shared_postroom.ctl("wait", "empty")
    answers.add(shared_postroom.http("POST", "/letters", letter))
    shared_postroom.ctl("wait", "empty")
    assert [status for status, _ in answers] == [202]
    assert shared_postroom.deliveries().count("<order-1@shop.example>") == 1


@pytest.mark.parametrize(
    "letter",
    [
        [],
        "text",
        {"to": "nobody"},
        {"to": "a@b.example\r\nRCPT TO:<c@d.example>"},
        {"to": "a@b.example", "subject": "one\r\nBcc: c@d.example"},
        {"to": "a@b.example", "message_id": "no brackets"},
        {"to": "a@b.example", "body": "x" * 70_000},
        {"to": 5},
    ],
    ids=range(8),
)
def test_what_is_no_letter_is_refused_with_a_reason(
    shared_postroom: Postroom, letter: object
) -> None:
    status, body = shared_postroom.http("POST", "/letters", letter)
    assert status == 400
    assert json.loads(body)["error"]


def test_stuck_workers_are_seen_and_a_restart_heals_them(postroom: Postroom) -> None:
    postroom.ctl("send", "a@readers.example", "--count", "60")
    postroom.ctl("break", "stuck-worker")
    assert eventually(lambda: postroom.http("GET", "/health/ready")[0] == 503)
    assert postroom.failing() == {"workers"}
    delivered = len(postroom.deliveries())
    assert delivered < 60
    postroom.ctl("restart", "worker", "all")
    postroom.ctl("wait", "empty")
    assert postroom.http("GET", "/health/ready")[0] == 200
    assert len(postroom.deliveries()) == 60


def test_only_the_worker_that_is_named_is_restarted(shared_postroom: Postroom) -> None:
    before = shared_postroom.pids()
    shared_postroom.ctl("restart", "worker", "worker-2")
    after = shared_postroom.pids()
    assert {name for name in before if before[name] != after[name]} == {"worker-2"}


def test_a_backlog_is_seen_and_more_workers_clear_it(postroom: Postroom) -> None:
    postroom.ctl("break", "backlog", "--count", "300")
    assert postroom.status()["problems"][0].startswith("backlog: ")
    assert postroom.ask("status", "--check").returncode == 1
    postroom.ctl("scale", "8")
    postroom.ctl("wait", "empty")
    postroom.ctl("scale", "2")
    assert postroom.ask("status", "--check").returncode == 0
    assert len(postroom.deliveries()) == 300
    assert eventually(lambda: len(postroom.pids()) == 4)


def test_dead_letters_are_seen_and_delivered_once_the_cause_is_gone(postroom: Postroom) -> None:
    postroom.ctl("break", "dead-letters", "--count", "15")
    assert eventually(lambda: postroom.status()["letters"]["dead"] == 15)
    dead = json.loads(postroom.ctl("dead", "list", "--json"))
    assert {letter["reason"][:9] for letter in dead} == {"550 5.7.1"}
    assert postroom.deliveries() == []
    postroom.ctl("dead", "requeue", str(dead[0]["id"]))  # the cause is still there
    assert eventually(lambda: postroom.status()["letters"]["dead"] == 15)
    assert postroom.ctl("relay", "rules") == "refuse parcels.example\n"
    postroom.ctl("relay", "allow", "parcels.example")
    assert postroom.ctl("dead", "requeue", "--domain", "parcels.example").startswith("requeued 15")
    postroom.ctl("wait", "empty")
    assert postroom.status()["healthy"] is True
    assert len(postroom.deliveries()) == 15


def test_discarded_letters_are_gone_with_their_files(postroom: Postroom) -> None:
    postroom.ctl("break", "dead-letters", "--count", "3")
    assert eventually(lambda: postroom.status()["letters"]["dead"] == 3)
    assert postroom.ask("dead", "discard").returncode == 1  # none was named
    postroom.ctl("dead", "discard", "--all")
    assert postroom.status()["letters"]["dead"] == 0
    assert list((postroom.folder / "spool").iterdir()) == []


def test_exhausted_connections_are_seen_and_a_new_api_has_new_ones(postroom: Postroom) -> None:
    postroom.ctl("break", "exhausted-connections")
    assert postroom.http("GET", "/health/ready")[0] == 503
    assert "connections" in postroom.failing()
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 503
    assert len(json.loads(postroom.ctl("connections", "--json"))["in_use"]) == 6
    url = postroom.status()["url"]
    postroom.ctl("restart", "api")
    postroom.ctl("wait", "ready")
    assert postroom.status()["url"] == url
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 202


def test_a_full_spool_is_seen_and_archiving_makes_room(postroom: Postroom) -> None:
    postroom.ctl("break", "full-quota")
    assert postroom.failing() == {"quota"}
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 507
    postroom.ctl("quota", "archive")
    assert postroom.http("GET", "/health/ready")[0] == 200
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 202
    postroom.ctl("quota", "restore")
    assert eventually(lambda: postroom.failing() == {"quota"})
    postroom.ctl("quota", "purge")
    assert postroom.http("GET", "/health/ready")[0] == 200


def test_a_slow_store_is_seen_and_cancelling_its_session_heals_it(postroom: Postroom) -> None:
    postroom.ctl("break", "slow-store")
    assert eventually(lambda: postroom.failing() == {"store"})
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 503
    postroom.ctl("restart", "worker", "all")  # the wrong procedure
    assert postroom.failing() == {"store"}
    sessions = json.loads(postroom.ctl("store", "sessions", "--json"))
    postroom.ctl("store", "cancel", sessions[0]["name"])
    postroom.ctl("wait", "ready")
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 202
    assert sessions[0]["name"] not in postroom.pids()


HEALED_BY: dict[str, tuple[str, dict[str, str]]] = {
    "stuck-worker": ("workers-stuck", {"worker-id": "worker-1"}),
    "backlog": ("queue-backlog", {}),
    "dead-letters": ("dead-letters", {"domain": "parcels.example"}),
    "exhausted-connections": ("connections-exhausted", {}),
    "full-quota": ("spool-full", {}),
    "slow-store": ("store-slow", {"session-id": "the one that is listed"}),
}


IN_THE_DEMO = {"stuck-worker", "backlog"}


@pytest.mark.parametrize(
    "fault", [pytest.param(f, marks=[LONG] if f in IN_THE_DEMO else []) for f in HEALED_BY]
)
def test_the_runbook_heals_each_fault_as_it_stands(postroom: Postroom, fault: str) -> None:
    procedure, given = HEALED_BY[fault]
    postroom.ctl("break", fault)
    assert eventually(lambda: postroom.status()["problems"] != [])
    if "session-id" in given:
        given["session-id"] = json.loads(postroom.ctl("store", "sessions", "--json"))[0]["name"]
    run = postroom.call(
        *("midwatch", "run", f"{LAB / 'RUNBOOK.md'}#{procedure}"),
        *("--target", "postroom", "--yes", "change"),
        *(word for name, value in given.items() for word in ("--set", f"{name}={value}")),
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert postroom.status()["problems"] == []
    assert postroom.http("GET", "/health/ready")[0] == 200
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 202


@LONG
def test_mend_takes_every_fault_out(postroom: Postroom) -> None:
    for fault in ("stuck-worker", "exhausted-connections", "full-quota", "slow-store"):
        postroom.ctl("break", fault)
    assert eventually(
        lambda: postroom.failing() == {"workers", "connections", "quota", "store"}, 10
    )
    postroom.ctl("mend")
    postroom.ctl("wait", "ready")
    assert postroom.status()["healthy"] is True


def test_workers_killed_at_random_lose_nothing_and_deliver_nothing_twice(
    postroom: Postroom,
) -> None:
    chance = random.Random(20_261_122)  # noqa: S311 - a test that can be repeated
    postroom.ctl("scale", "4")
    postroom.ctl("send", "a@readers.example", "--count", "200")
    kills = 0
    while postroom.status()["letters"]["waiting"] and kills < 15:
        workers = [pid for name, pid in postroom.pids().items() if name.startswith("worker")]
        if workers:  # the supervisor may be about to start new ones for all of them
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                kills += 1
        time.sleep(chance.uniform(0.0, 0.1))
    postroom.ctl("wait", "empty")
    assert kills >= 5
    counted = postroom.status()
    assert counted["letters"]["delivered"] == 200
    assert counted["relay"]["delivered"] == 200
    assert len(set(postroom.deliveries())) == 200


def test_a_relay_that_dies_costs_no_letter_and_no_second_copy(postroom: Postroom) -> None:
    postroom.ctl("send", "a@readers.example", "--count", "80")
    os.kill(postroom.pids()["relay"], signal.SIGKILL)
    postroom.ctl("wait", "empty")
    assert postroom.status()["letters"]["delivered"] == 80
    assert len(postroom.deliveries()) == 80


def test_the_relay_speaks_smtp_and_delivers_a_message_id_once(shared_postroom: Postroom) -> None:
    before = shared_postroom.status()["relay"]
    port = int((shared_postroom.folder / "ports").read_text().split()[1])
    letter = b"Message-ID: <1@else.example>\r\nSubject: dots\r\n\r\n.one\r\n..two\r\n"
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as relay:
        relay.sendmail("a@b.example", ["c@d.example"], letter)
        relay.sendmail("a@b.example", ["c@d.example"], letter)
        with pytest.raises(smtplib.SMTPDataError, match="needs a Message-ID"):
            relay.sendmail("a@b.example", ["c@d.example"], b"Subject: none\r\n\r\n")
        assert relay.docmd("DATA")[0] == 503
        assert relay.docmd("VRFY x")[0] == 500
    after = shared_postroom.status()["relay"]
    assert after["delivered"] == before["delivered"] + 1
    assert after["copies_dropped"] == before["copies_dropped"] + 1
    assert shared_postroom.deliveries().count("<1@else.example>") == 1


def test_a_drained_postroom_accepts_nothing_until_it_is_resumed(postroom: Postroom) -> None:
    postroom.ctl("pause")
    postroom.ctl("send", "a@readers.example", "--count", "5")
    assert postroom.failing() == {"workers"}
    assert postroom.status()["letters"]["waiting"] == 5
    postroom.ctl("resume")
    postroom.ctl("drain")
    assert len(postroom.deliveries()) == 5
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 503
    postroom.ctl("resume")
    assert postroom.http("POST", "/letters", {"to": "a@b.example"})[0] == 202


def test_down_leaves_no_process_not_even_a_stopped_one(postroom: Postroom) -> None:
    pids = [*postroom.pids().values(), postroom.supervisor.pid]
    postroom.ctl("break", "stuck-worker")
    postroom.ctl("break", "slow-store")
    assert postroom.ctl("down").endswith(", 0 are left\n")
    assert [pid for pid in pids if runs(pid)] == []


def test_a_killed_supervisor_takes_its_children_with_it(postroom: Postroom) -> None:
    pids = list(postroom.pids().values())
    assert len(pids) == 4
    postroom.ctl("break", "stuck-worker", "--count", "1")
    postroom.supervisor.kill()
    assert eventually(lambda: not any(runs(pid) for pid in pids), 5)


def test_a_new_supervisor_takes_over_what_a_killed_one_left(postroom: Postroom) -> None:
    postroom.ctl("send", "a@readers.example", "--count", "80")
    postroom.supervisor.kill()
    postroom.supervisor.wait()
    postroom.ctl("up")
    try:
        postroom.ctl("wait", "empty", "--timeout", "20")  # no lease has to run out first
        assert len(postroom.deliveries()) == 80
    finally:
        postroom.ctl("down")


def test_only_a_lab_lets_itself_be_broken(tmp_path: pathlib.Path) -> None:
    service = outside.Outside(tmp_path)
    service.ctl("up", "--workers", "1")
    try:
        refused = service.ask("break", "slow-store")
        assert refused.returncode == 1
        assert "up --lab" in refused.stderr
        assert service.http("POST", "/lab/leak", {})[0] == 404
    finally:
        service.ctl("down")


def test_trouble_is_one_sentence_with_the_next_step(tmp_path: pathlib.Path) -> None:
    nowhere = subprocess.run(
        [sys.executable, str(LAB / "postroomctl.py"), "status"],
        env=os.environ | {"POSTROOM_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert nowhere.returncode == 1
    assert nowhere.stdout == ""
    assert nowhere.stderr == (
        f"postroomctl: Postroom does not run in {tmp_path}: start it with `postroomctl up`.\n"
    )


def test_midwatch_is_taught_postroomctl_and_finds_no_error_in_its_runbook() -> None:
    midwatch = [sys.executable, "-m", "midwatch"]
    taught = [*midwatch, "knowledge", "check", str(LAB / ".midwatch" / "knowledge")]
    assert subprocess.run(taught, check=False, capture_output=True).returncode == 0
    checked = [*midwatch, "check", "--fail-on", "error", str(LAB / "RUNBOOK.md")]
    assert subprocess.run(checked, check=False, capture_output=True).returncode == 0
