"""Incidents over HTTP: seen and worked on by whoever may, and every call is on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.watch import server

TOML = """\
[serve]
listen = "127.0.0.1:0"

[people.ana]
name = "Ana"
notify = ["webhook"]
webhook = "http://127.0.0.1:9/ana"

[people.bo]
name = "Bo"
notify = ["webhook"]
webhook = "http://127.0.0.1:9/bo"

[schedules.primary]
rotations = [{ people = ["ana", "bo"], starts = 2026-01-05T09:00:00, every = "1 week" }]

[channels.webhook]
secret = "${HOOK}"

[sources.am]
kind = "alertmanager"
token = "${AM}"

[heartbeats.backup]
every = "25h"

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
AM, ANA, EVE, ROOT = (f"{name}-0123456789abcdef" for name in ("am", "ana", "eve", "root"))
SECRETS = {
    "AM": AM,
    "ANA": ANA,
    "EVE": EVE,
    "ROOT": ROOT,
    "HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    yield from server.serving(tmp_path_factory.mktemp("api"), TOML, **SECRETS)


def alert(name: str) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, "severity": "critical"},
        "startsAt": "2026-11-01T00:00:00Z",
    }


def opened(watch: server.Server, name: str) -> str:
    """An incident of that name."""
    assert watch.post("/api/v2/alerts", [alert(name)], AM).status_code == 200

    def found() -> str | None:
        every = watch.get("/api/v1/incidents", EVE)["incidents"]
        return next((each["id"] for each in every if each["title"] == name), None)

    return server.until(found, "an incident")


def test_people_work_on_an_incident_from_its_opening_to_its_end(watch: server.Server) -> None:
    path = f"/api/v1/incidents/{opened(watch, 'Work')}"
    steps = [
        ("acknowledge", {}, "acknowledged"),
        ("notes", {"text": "looking"}, "acknowledged"),
        ("people", {"person": "bo"}, "acknowledged"),
        ("roles", {"role": "commander", "person": "ana"}, "acknowledged"),
        ("tasks", {"text": "tell support"}, "acknowledged"),
        ("tasks/1/done", {}, "acknowledged"),
        ("severity", {"severity": "P1"}, "acknowledged"),
        ("snooze", {"until": "2h", "reason": "deploy runs"}, "acknowledged"),
        ("assign", {"person": "bo"}, "acknowledged"),
        ("resolve", {"force": True, "reason": "false alarm"}, "resolved"),
        ("reopen", {"reason": "it was not"}, "open"),
    ]

    statuses = []
    for step, body, _ in steps:
        answer = watch.post(f"{path}/{step}", body, ANA)
        assert answer.status_code == 200, answer.text
        statuses.append(answer.json()["status"])

    assert statuses == [status for _, _, status in steps]
    shown = watch.get(path, EVE)
    assert shown["roles"] == {"commander": "ana"}
    assert shown["tasks"] == [{"number": 1, "text": "tell support", "done": True}]
    assert shown["severity"] == "P1"
    assert {each["person"] for each in shown["messages"]} == {"ana", "bo"}
    kinds = [each["kind"] for each in shown["timeline"]]
    assert kinds[0] == "opened"
    assert {"acknowledged", "noted", "person-added", "resolved", "reopened"} <= set(kinds)


def test_an_incident_is_found_by_the_end_of_its_id(watch: server.Server) -> None:
    incident = opened(watch, "Short")

    assert watch.get(f"/api/v1/incidents/{incident[-4:]}", EVE)["id"] == incident


def test_alerts_that_still_fire_need_force_and_a_reason(watch: server.Server) -> None:
    path = f"/api/v1/incidents/{opened(watch, 'Fires')}"

    answer = watch.post(f"{path}/resolve", {"reason": "fine"}, ANA)

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(
        "one alert of it fires still. Force it if you know better, and say why (--force -m WHY)."
    )


INCIDENTS = "/api/v1/incidents"
WRONG = [
    ("", f"{INCIDENTS}/x/acknowledge", {}, 401, "A token is needed."),
    (AM, f"{INCIDENTS}/x/acknowledge", {}, 403, "takes the role “responder”"),
    (EVE, f"{INCIDENTS}/x/acknowledge", {}, 403, "eve is “viewer”"),
    (ANA, f"{INCIDENTS}/nope/acknowledge", {}, 404, "There is no incident nope."),
    (ANA, f"{INCIDENTS}/x/acknowledge", {"by": "bo"}, 400, "“by” is unknown"),
    (ANA, f"{INCIDENTS}/x/notes", {}, 400, "text is missing."),
    (ANA, f"{INCIDENTS}/x/notes", [], 400, "The body is no JSON object."),
    (ANA, f"{INCIDENTS}/x/snooze", {"until": "soon"}, 400, "until is no moment."),
    (ANA, "/api/v1/nothing", {}, 404, "There is no such path."),
    (ANA, INCIDENTS, {}, 405, "The path is there, not for this method."),
    (ANA, "/api/v1/silences", {"matchers": ["x"]}, 400, "ends_at is no moment."),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case[4])
def test_whatever_is_wrong_is_told_in_one_shape(
    watch: server.Server, case: tuple[str, str, object, int, str]
) -> None:
    token, path, body, code, told = case

    answer = watch.post(path, body, token)

    assert answer.status_code == code
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == code
    assert told in problem["detail"]


def test_nobody_is_called_in_who_is_not_known(watch: server.Server) -> None:
    path = f"/api/v1/incidents/{opened(watch, 'Who')}"

    answer = watch.post(f"{path}/people", {"person": "boo"}, ANA)

    assert answer.status_code == 400
    assert answer.json()["detail"] == "There is no person “boo”."
    assert answer.json()["hint"] == "Did you mean bo?"


def test_silences_are_made_listed_and_ended(watch: server.Server) -> None:
    wish = {"matchers": ['service="mail"'], "ends_at": "2h", "reason": "planned work"}

    made = watch.post("/api/v1/silences", wish, ANA)
    assert made.status_code == 201
    silence = made.json()
    assert (silence["created_by"], silence["matchers"]) == ("ana", ['service="mail"'])
    listed = watch.get("/api/v1/silences", EVE)["silences"]
    assert [each["id"] for each in listed] == [silence["id"]]

    path = f"{watch.url}/api/v1/silences/{silence['id']}"
    ended = httpx.delete(path, headers=server.bearer(ANA))
    assert ended.status_code == 200
    assert watch.get("/api/v1/silences", EVE)["silences"] == []
    assert httpx.delete(path, headers=server.bearer(ANA)).status_code == 404


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"matchers": ['a!="b"']}, "This silence would hold back every alert."),
        ({"matchers": []}, "A silence has 1 to 20 matchers."),
        ({"reason": " "}, "reason is empty."),
        ({"ends_at": "31d"}, "in the future, within 30 days."),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "A silence ends after it starts"),
        ({"matchers": ['a=~"("']}, "has a regular expression that"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(
    watch: server.Server, wish: dict[str, Any], told: str
) -> None:
    usual = {"matchers": ['a="b"'], "ends_at": "1h", "reason": "work"}

    answer = watch.post("/api/v1/silences", usual | wish, ANA)

    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_who_is_on_call_is_told_with_the_reason(watch: server.Server) -> None:
    found = watch.get("/api/v1/on-call?at=2026-11-24T12:00:00Z", EVE)

    assert found["schedules"] == [
        {"schedule": "primary", "person": "ana", "name": "Ana", "why": "on primary, rotation 1"}
    ]


def test_pages_of_the_list_hold_every_incident_once(watch: server.Server) -> None:
    for number in range(5):
        opened(watch, f"Page{number}")
    every = [each["id"] for each in watch.get("/api/v1/incidents?status=all", EVE)["incidents"]]

    seen: list[str] = []
    after = ""
    while True:
        page = watch.get(f"/api/v1/incidents?status=all&limit=2&after={after}", EVE)
        seen += [each["id"] for each in page["incidents"]]
        if page["next"] is None:
            break
        after = page["next"]

    assert seen == every
    assert len(set(seen)) == len(seen)


def test_every_call_is_on_record_with_its_outcome(watch: server.Server) -> None:
    watch.post("/api/v1/incidents/none/acknowledge", {}, EVE)
    watch.post("/api/v1/incidents/none/acknowledge", {}, "nobody's")

    def calls() -> set[tuple[str, str, str]]:
        found = watch.get("/api/v1/audit", ROOT)["calls"]
        return {(each["actor"], each["action"], each["outcome"]) for each in found}

    wanted = {("eve", "acknowledge", "403"), ("unknown", "acknowledge", "401")}
    server.until(lambda: wanted <= calls(), "both are on record")
    denied = httpx.get(f"{watch.url}/api/v1/audit", headers=server.bearer(ANA))
    assert denied.status_code == 403


def test_a_sign_of_life_is_kept(watch: server.Server) -> None:
    known = watch.post("/api/v1/heartbeats/backup", {}, AM)
    mistaken = watch.post("/api/v1/heartbeats/bakcup", {}, AM)

    assert (known.status_code, known.json()["heartbeat"]) == (200, "backup")
    assert "note" not in known.json()
    told = "midwatch.toml has no [heartbeats.bakcup]: nobody misses it (did you mean backup?)"
    assert mistaken.json()["note"] == told

    metrics = httpx.get(f"{watch.url}/metrics", headers=server.bearer(EVE)).text
    assert 'midwatch_heartbeat_timestamp_seconds{name="backup"} 1' in metrics


def test_a_button_of_slack_is_not_believed_without_its_secret(watch: server.Server) -> None:
    answer = httpx.post(f"{watch.url}/api/v1/slack/interactions", data={"payload": "{}"})

    assert answer.status_code == 404


def test_without_tokens_only_this_machine_is_answered(tmp_path: Path) -> None:
    for watch in server.serving(tmp_path):
        port = watch.url.rpartition(":")[2]
        codes = {
            name: httpx.get(f"{watch.url}/api/v1/incidents", headers=headers).status_code
            for name, headers in {
                "itself": {},
                "by name": {"Host": f"localhost:{port}"},
                "another name": {"Host": "evil.example.org"},
                "another page": {"Origin": "https://evil.example.org"},
                "its own page": {"Origin": f"http://127.0.0.1:{port}"},
            }.items()
        }
        assert codes == {
            "itself": 200,
            "by name": 200,
            "another name": 403,
            "another page": 403,
            "its own page": 200,
        }


SIMPLE = """\
[serve]
listen = "127.0.0.1:0"

[tokens.monitoring]
role = "source"
token = "${AM}"
"""


def test_without_sources_a_token_of_that_role_hands_in_by_kind(tmp_path: Path) -> None:
    pager = {"routing_key": AM, "event_action": "trigger", "payload": {"summary": "down"}}
    for watch in server.serving(tmp_path, SIMPLE, AM=AM):
        codes = {
            "webhook": watch.post("/intake/alertmanager", {"alerts": []}, AM).status_code,
            "api": watch.post("/api/v2/alerts", [alert("X")], AM).status_code,
            "generic": watch.post("/intake/generic", {"name": "X"}, AM).status_code,
            "pagerduty": watch.post("/v2/enqueue", pager).status_code,
            "nobody": watch.post("/intake/generic", {"name": "X"}).status_code,
            "a pager of nobody": watch.post(
                "/v2/enqueue", {**pager, "routing_key": ""}
            ).status_code,
            "reading": watch.post("/api/v1/incidents/x/acknowledge", {}, AM).status_code,
        }
        assert codes == {
            "webhook": 200,
            "api": 200,
            "generic": 200,
            "pagerduty": 202,
            "nobody": 401,
            "a pager of nobody": 403,
            "reading": 403,
        }
