"""Alerts over HTTP: on disk before they are answered, or not answered with a yes."""

from __future__ import annotations

import concurrent.futures
import datetime
import hashlib
import hmac
import json
import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.watch import server

TOML = """\
[serve]
listen = "127.0.0.1:0"
body_limit = 200000

[sources.am]
kind = "alertmanager"
token = "${AM}"

[sources.slow]
kind = "generic"
token = "${SLOW}"
rate = 5

[sources.grafana]
kind = "grafana"
signing_secret = "${SIGNING}"
timestamp_header = "X-Grafana-Alerting-Timestamp"

[sources.pd]
kind = "pagerduty"
token = "${PD}"

[tokens.ana]
role = "responder"
token = "${ANA}"

[tokens.eve]
role = "viewer"
token = "${EVE}"

[tokens.root]
role = "admin"
token = "${ROOT}"
"""
NAMES = ("AM", "SLOW", "SIGNING", "PD", "ANA", "EVE", "ROOT")
SECRETS = {name: f"{name}-0123456789abcdef" for name in NAMES}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """One watch for all tests that need not break it."""
    yield from server.serving(tmp_path_factory.mktemp("intake"), TOML, **SECRETS)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[server.Server]:
    """A watch that the test may break."""
    yield from server.serving(tmp_path, TOML, **SECRETS)


def message(*names: str, status: str = "firing", pad: str = "") -> dict[str, Any]:
    """What Alertmanager sends."""
    alerts = [
        {
            "status": status,
            "labels": {"alertname": name, "severity": "critical"},
            "annotations": {"pad": pad},
            "startsAt": "2026-11-01T02:00:00Z",
            "fingerprint": name,
        }
        for name in names
    ]
    return {"version": "4", "status": status, "alerts": alerts}


def kept(watch: server.Server, like: str = "%") -> set[str]:
    """The fingerprints that are on disk."""
    with sqlite3.connect(watch.folder / "state" / "watch.db") as connection:
        rows = connection.execute("select fingerprint from intake where fingerprint like ?", [like])
        found = {row[0] for row in rows}
    connection.close()
    return found


def refused(watch: server.Server, source: str) -> list[str]:
    """Why messages of that source were refused, the latest first."""
    found = watch.get(f"/api/v1/refusals?source={source}", SECRETS["EVE"])["refusals"]
    return [each["reason"] for each in found]


def test_what_is_answered_with_a_yes_is_on_disk(shared: server.Server) -> None:
    answer = shared.post("/intake/am", message("disk-a", "disk-b"), SECRETS["AM"])

    assert answer.status_code == 200
    assert answer.json() == {"accepted": 2}
    assert kept(shared, "disk-%") == {"disk-a", "disk-b"}


def test_a_message_that_comes_twice_is_kept_once(shared: server.Server) -> None:
    for _ in range(3):
        assert shared.post("/intake/am", message("twice"), SECRETS["AM"]).status_code == 200

    with sqlite3.connect(shared.folder / "state" / "watch.db") as connection:
        query = "select count(*) from intake where fingerprint = 'twice'"
        (count,) = connection.execute(query).fetchone()
    connection.close()
    assert count == 1


def test_nobody_hands_in_without_the_token_of_the_source(shared: server.Server) -> None:
    given = {"none": "", "wrong": "x" * 30, "another source's": SECRETS["SLOW"]}

    codes = {
        name: shared.post("/intake/am", message("denied"), token).status_code
        for name, token in given.items()
    }

    assert codes == {"none": 401, "wrong": 401, "another source's": 403}
    assert kept(shared, "denied") == set()

    def turned_away() -> list[str]:
        calls = shared.get("/api/v1/audit", SECRETS["ROOT"])["calls"]
        return [each["outcome"] for each in calls if each["action"] == "hand-in"]

    server.until(lambda: {"401", "403"} <= set(turned_away()), "it is on record")


def test_the_token_may_come_as_the_password_of_basic_authentication(shared: server.Server) -> None:
    answer = httpx.post(
        f"{shared.url}/intake/am", json=message("basic"), auth=("any", SECRETS["AM"])
    )

    assert answer.status_code == 200


def test_a_body_that_is_too_large_is_refused(shared: server.Server) -> None:
    body = json.dumps(message("large", pad="x" * 10_000_000)).encode()

    with httpx.Client() as client:
        headers = server.bearer(SECRETS["AM"])
        told = client.post(f"{shared.url}/intake/am", content=body, headers=headers)
        streamed = client.post(
            f"{shared.url}/intake/am", content=iter([body[:150_000], body]), headers=headers
        )

    assert (told.status_code, streamed.status_code) == (413, 413)
    assert told.json()["detail"] == "The body is larger than 200000 bytes."
    assert kept(shared, "large") == set()


def test_a_part_that_cannot_be_read_is_told_and_the_rest_is_kept(shared: server.Server) -> None:
    given = message("part-good", "part-bad")
    given["alerts"][1]["labels"] = {f"l{number}": "x" for number in range(65)}

    answer = shared.post("/intake/am", given, SECRETS["AM"])

    assert answer.status_code == 400
    told = "alerts[1].labels has 65 labels; at most 64 are taken."
    assert answer.json() == {
        "title": "not understood",
        "status": 400,
        "detail": told,
        "accepted": 1,
        "refused": 1,
    }
    assert kept(shared, "part-%") == {"part-good"}
    server.until(lambda: told in refused(shared, "am"), "the refusal is on the list")


def test_what_cannot_be_read_is_kept_with_its_reason(shared: server.Server) -> None:
    answer = shared.post("/intake/am", b"\xff\xfe{{{", SECRETS["AM"])

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    server.until(
        lambda: any(reason.startswith("The body is no") for reason in refused(shared, "am")),
        "the refusal is on the list",
    )


def test_a_source_that_sends_too_much_is_asked_to_wait(shared: server.Server) -> None:
    answers = [
        shared.post("/intake/slow", {"name": f"n{number}"}, SECRETS["SLOW"]) for number in range(7)
    ]

    codes = [answer.status_code for answer in answers]
    assert codes[:5] == [200] * 5
    assert codes[-1] == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def signature(body: bytes, stamp: str) -> str:
    return hmac.new(
        SECRETS["SIGNING"].encode(), f"{stamp}:".encode() + body, hashlib.sha256
    ).hexdigest()


def test_grafana_is_believed_by_its_signature(shared: server.Server) -> None:
    body = json.dumps(message("signed")).encode()
    now = str(int(datetime.datetime.now(datetime.UTC).timestamp()))
    old = str(int(now) - 3600)
    given = {
        "right": (now, signature(body, now)),
        "none": (now, ""),
        "of another body": (now, signature(b"x", now)),
        "played back": (old, signature(body, old)),
    }

    codes = {
        name: httpx.post(
            f"{shared.url}/intake/grafana",
            content=body,
            headers={
                "X-Grafana-Alerting-Timestamp": stamp,
                "X-Grafana-Alerting-Signature": signed,
            },
        ).status_code
        for name, (stamp, signed) in given.items()
    }

    assert codes == {"right": 200, "none": 403, "of another body": 403, "played back": 403}


def event(action: str, key: str = "srv1", routing_key: str = SECRETS["PD"]) -> dict[str, Any]:
    payload = {"summary": "mysql is down", "source": "srv1", "severity": "critical"}
    return {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": key,
        "payload": payload,
    }


def test_pagerduty_events_open_acknowledge_and_end_an_incident(own: server.Server) -> None:
    def one() -> dict[str, Any]:
        (found,) = own.get("/api/v1/incidents?status=all", SECRETS["EVE"])["incidents"]
        return dict(found)

    first = own.post("/v2/enqueue", event("trigger"))
    assert first.status_code == 202
    assert first.json() == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "srv1",
    }
    assert own.post("/v2/enqueue", event("trigger")).status_code == 202
    server.until(lambda: own.get("/api/v1/incidents", SECRETS["EVE"])["incidents"], "an incident")

    assert own.post("/v2/enqueue", event("acknowledge")).status_code == 202
    assert one()["status"] == "acknowledged"
    assert one()["acknowledged_by"] == "source:pd"
    assert one()["alerts"] == 1

    assert own.post("/v2/enqueue", event("resolve")).status_code == 202
    server.until(lambda: one()["firing"] == 0, "its end")


def test_pagerduty_is_answered_in_its_own_shape(shared: server.Server) -> None:
    wrong = shared.post("/v2/enqueue", {"event_action": "shout"})
    foreign = shared.post("/v2/enqueue", event("trigger", routing_key="somebody else's"))

    assert wrong.status_code == 400
    assert wrong.json()["status"] == "invalid event"
    assert wrong.json()["errors"] == [
        "event_action is none of “trigger”, “acknowledge” and “resolve”."
    ]
    assert foreign.status_code == 403


def test_a_webhook_of_midwatch_itself_is_refused_before_it_goes_in_a_circle(
    shared: server.Server,
) -> None:
    answer = httpx.post(
        f"{shared.url}/intake/am",
        json=message("circle"),
        headers={**server.bearer(SECRETS["AM"]), "User-Agent": "midwatch/1.0"},
    )

    assert answer.status_code == 409
    assert kept(shared, "circle") == set()


def test_without_a_commit_there_is_no_yes_and_afterwards_there_is(own: server.Server) -> None:
    assert own.process is not None
    database = own.folder / "state" / "watch.db"
    limit = database.with_name("watch.db-wal").stat().st_size + 300_000
    resource.prlimit(own.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    answers = {}
    for number in range(12):
        name = f"full-{number}"
        answers[name] = own.post("/intake/am", message(name, pad="x" * 16_000), SECRETS["AM"])
        pads = [f"{name}-{pad}" for pad in range(5)]
        answer = own.post("/intake/am", message(*pads, pad="y" * 16_000), SECRETS["AM"])
        answers.update(dict.fromkeys(pads, answer))

    codes = {name: answer.status_code for name, answer in answers.items()}
    assert set(codes.values()) == {200, 503}
    assert kept(own, "full-%") == {name for name, code in codes.items() if code == 200}
    failed = next(answer for answer in answers.values() if answer.status_code == 503)
    assert failed.headers["retry-after"] == "1"
    assert "cannot be" in failed.json()["detail"]

    free = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(own.process.pid, resource.RLIMIT_FSIZE, free)

    answer = own.post("/intake/am", message("after"), SECRETS["AM"])
    assert answer.status_code == 200
    assert kept(own, "after") == {"after"}


def test_a_database_that_somebody_locks_is_no_yes_and_nothing_hangs(own: server.Server) -> None:
    connection = sqlite3.connect(own.folder / "state" / "watch.db", isolation_level=None)
    connection.execute("begin immediate")

    answer = httpx.post(
        f"{own.url}/intake/am",
        json=message("locked"),
        headers=server.bearer(SECRETS["AM"]),
        timeout=20,
    )
    alive = own.get("/health")
    connection.execute("rollback")
    connection.close()

    assert answer.status_code == 503
    assert alive == {"status": "alive"}
    assert kept(own, "locked") == set()
    again = own.post("/intake/am", message("locked"), SECRETS["AM"])
    assert again.status_code == 200


def test_many_senders_at_once_are_each_told_the_truth(shared: server.Server) -> None:
    def send(number: int) -> int:
        names = [f"many-{number}-{each}" for each in range(3)]
        return shared.post("/intake/am", message(*names), SECRETS["AM"]).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(send, range(40)))

    assert codes == [200] * 40
    assert len(kept(shared, "many-%")) == 120
