"""The same watch on a real Postgres: accepted, opened, worked on, and there after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.smoke.servers import conftest as servers
from tests.watch import server

TOML = """\
[serve]
listen = "127.0.0.1:0"
database = "${DATABASE_URL}"

[alerts]
group_by = ["service"]
"""
place, postgres = servers.place, servers.postgres


@pytest.fixture
def watch(tmp_path: Path, postgres: str) -> Iterator[server.Server]:
    yield from server.serving(tmp_path, TOML, DATABASE_URL=postgres)


def test_a_watch_on_postgres_is_a_watch(watch: server.Server) -> None:
    alerts = [
        {"labels": {"alertname": "Down", "service": "shop", "n": str(number % 27)}}
        for number in range(54)
    ]
    assert watch.post("/api/v2/alerts", alerts).json() == {"accepted": 54}
    assert watch.post("/intake/generic", {"name": "Backup", "tags": {"service": "db"}}).is_success
    server.until(
        lambda: [each["alerts"] for each in watch.incidents()] in ([27, 1], [1, 27]), "two"
    )

    shop = next(each["id"] for each in watch.incidents() if each["alerts"] == 27)
    assert watch.post(f"/api/v1/incidents/{shop}/acknowledge", {}).is_success
    assert watch.post(f"/api/v1/incidents/{shop[-4:]}/notes", {"text": "looking: 100%"}).is_success
    wish = {"matchers": ['service="db"'], "ends_at": "1h", "reason": "planned"}
    assert watch.post("/api/v1/silences", wish).status_code == 201
    assert watch.post("/intake/generic", b"no JSON").status_code == 400
    server.until(lambda: watch.get("/api/v1/refusals")["refusals"], "the refusal")
    watch.kill()
    watch.start()

    shown = watch.get(f"/api/v1/incidents/{shop}")
    assert (shown["status"], shown["acknowledged_by"], shown["firing"]) == (
        "acknowledged",
        "local",
        27,
    )
    page = watch.get("/api/v1/incidents?limit=1")
    following = watch.get(f"/api/v1/incidents?limit=1&after={page['next']}")
    both = {page["incidents"][0]["id"], following["incidents"][0]["id"]}
    assert both == {each["id"] for each in watch.incidents()}
    assert len(watch.get("/api/v1/silences")["silences"]) == 1
    assert len(watch.get("/api/v1/refusals")["refusals"]) == 1
    assert watch.get("/health/ready") == {"status": "ready", "troubles": []}
    assert [line for line in watch.said if '"level": "error"' in line] == []
