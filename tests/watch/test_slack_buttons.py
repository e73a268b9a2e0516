"""Buttons in Slack: believed by the signature alone, pressed by people that are known."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Iterator

import httpx
import pytest
from tests.watch import server

TOML = """\
[serve]
listen = "127.0.0.1:0"

[people.ana]
name = "Ana"
notify = ["slack"]
slack = "U012345"

[channels.slack]
token = "${SLACK_TOKEN}"
signing_secret = "${SLACK_SECRET}"
url = "http://127.0.0.1:9"
"""
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105  (Slack's own example)


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    folder = tmp_path_factory.mktemp("slack")
    yield from server.serving(folder, TOML, SLACK_TOKEN="xoxb-not-one", SLACK_SECRET=SECRET)  # noqa: S106


def press(
    watch: server.Server,
    incident: str,
    *,
    user: str = "U012345",
    secret: str = SECRET,
    old: int = 0,
) -> httpx.Response:
    """Somebody presses Acknowledge."""
    payload = {
        "type": "block_actions",
        "user": {"id": user},
        "container": {"channel_id": "D1", "message_ts": "1.2"},
        "actions": [{"action_id": "midwatch:acknowledge", "value": incident}],
    }
    body = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(datetime.datetime.now(datetime.UTC).timestamp()) - old)
    signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"}
    return httpx.post(f"{watch.url}/api/v1/slack/interactions", content=body, headers=headers)


def opened(watch: server.Server, name: str) -> str:
    assert watch.post("/intake/generic", {"name": name}).status_code == 200

    def found() -> str | None:
        return next((each["id"] for each in watch.incidents() if each["title"] == name), None)

    return server.until(found, "an incident")


def status(watch: server.Server, incident: str) -> tuple[str, str]:
    found = watch.get(f"/api/v1/incidents/{incident}")
    return found["status"], found["acknowledged_by"]


def test_whoever_presses_the_button_has_the_incident(watch: server.Server) -> None:
    incident = opened(watch, "Pressed")

    answer = press(watch, incident)

    assert answer.status_code == 200
    assert answer.json()["text"] == f"{incident}: acknowledged"
    assert status(watch, incident) == ("acknowledged", "ana")


def test_nobody_is_believed_without_the_signature_or_after_five_minutes(
    watch: server.Server,
) -> None:
    incident = opened(watch, "Forged")

    assert press(watch, incident, secret="another").status_code == 401  # noqa: S106
    assert press(watch, incident, old=600).status_code == 401
    assert status(watch, incident) == ("open", "")


def test_somebody_who_is_not_known_is_told_so(watch: server.Server) -> None:
    incident = opened(watch, "Stranger")

    answer = press(watch, incident, user="U999999")

    assert answer.status_code == 200
    assert answer.json()["text"].startswith("Midwatch does not know you by this Slack account.")
    assert status(watch, incident) == ("open", "")
