"""What a run of an incident asks is answered on the page that its message links to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.watch import server

TOML = """\
[targets.lab]

[serve]
listen = "127.0.0.1:0"
runbooks = ["ops.md"]
target = "lab"

[people.ana]
webhook = "http://127.0.0.1:9/ana"

[channels.webhook]
secret = "${HOOK}"

[sources.am]
kind = "alertmanager"
token = "${AM}"

[tokens.ana]
role = "approver"
token = "${ANA}"

[tokens.cleo]
role = "responder"
token = "${CLEO}"

[[policy]]
decision = "ask"
effect = "change"
reason = "Say <b>why</b>."

[[remediation]]
procedure = "ops.md#queuestuck"
target = "lab"
"""
RUNBOOK = """# Queue

## QueueStuck

### Resolution

```bash
docker start "a&b"
```

### Rollback

```bash
docker stop "a&b"
```
"""
AM, ANA, CLEO = (f"{name}-0123456789abcdef" for name in ("am", "ana", "cleo"))
HOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[server.Server]:
    """A watch that may remediate once somebody has said yes."""
    (tmp_path / "ops.md").write_text(RUNBOOK, encoding="utf-8")
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text('#!/bin/sh\necho "$2" >started\n', encoding="utf-8")
    docker.chmod(0o755)
    path = f"{docker.parent}:{os.environ['PATH']}"
    yield from server.serving(tmp_path, TOML, HOOK=HOOK, AM=AM, ANA=ANA, CLEO=CLEO, PATH=path)


def test_a_yes_with_a_touch_is_to_what_the_page_shows(watch: server.Server) -> None:
    alert = {"labels": {"alertname": "QueueStuck", "severity": "critical"}}
    assert watch.post("/api/v2/alerts", [alert], AM).status_code == 200

    def asks() -> str:
        every = watch.get("/api/v1/runs?waiting=true", ANA)["runs"]
        return str(every[0]["id"]) if every else ""

    run = server.until(asks, "a run that asks")
    incident = watch.get(f"/api/v1/runs/{run}", ANA)["incident"]
    page = f"{watch.url}/incidents/{incident}"

    def told() -> bool:
        return f"Run {run} asks" in httpx.get(page, auth=("", ANA)).text

    server.until(told, "the question")
    shown = httpx.get(page, auth=("", ANA)).text
    assert "<pre>docker start &quot;a&amp;b&quot;</pre>" in shown
    assert "<b>why" not in shown
    assert f'action="{incident}/runs/{run}/answer"' in shown
    assert 'name="answer" value="yes"' in shown
    form = shown[shown.index(f'action="{incident}/runs') :]
    assert form.index("<button disabled hidden>") < form.index(
        "<button name="
    )  # Enter says nothing
    assert 'name="answer"' not in httpx.get(page, auth=("", CLEO)).text  # no approver
    (bound,) = re.findall(r'name="bound" value="([0-9a-f]{64})"', shown)

    def press(token: str, origin: str, bound: str = bound) -> httpx.Response:
        form = {"answer": "yes", "bound": bound, "note": "drained"}
        to = f"{page}/runs/{run}/answer"
        return httpx.post(to, data=form, auth=("", token), headers={"origin": origin})

    assert press(ANA, "https://evil.example").status_code == 403
    assert press(CLEO, watch.url).status_code == 403
    assert press(ANA, watch.url, "0" * 64).status_code == 409
    other = httpx.post(
        f"{watch.url}/incidents/zzzzz/runs/{run}/answer",
        data={"answer": "yes", "bound": bound},
        auth=("", ANA),
        headers={"origin": watch.url},
    )
    assert other.status_code == 404
    assert not (watch.folder / "started").exists()

    pressed = press(ANA, watch.url)

    assert (pressed.status_code, pressed.headers["location"]) == (303, f"../../../{incident}")
    server.until((watch.folder / "started").exists, "the remediation")

    def ended() -> bool:
        runs = watch.get(f"/api/v1/incidents/{incident}", ANA)["runs"]
        return {"run": run, "purpose": "remediation", "outcome": "succeeded", "asks": None} in runs

    server.until(ended, "the end on the incident")
    assert f"Run {run} asks" not in httpx.get(page, auth=("", ANA)).text
