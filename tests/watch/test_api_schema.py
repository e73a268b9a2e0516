"""Schemathesis sends what the API's own document allows, and what it forbids."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from starlette import routing
from tests.watch import server

from midwatch.faces.api import application, openapi

LONG = os.environ.get("MIDWATCH_LONG") == "1"
PHASES, EXAMPLES = ("examples,coverage,fuzzing", "100") if LONG else ("examples,coverage", "1")
TOML = """\
[serve]
listen = "127.0.0.1:0"

[sources.am]
kind = "alertmanager"
token = "${SOURCE}"

[sources.pd]
kind = "pagerduty"
token = "${PD}"

[tokens.root]
role = "admin"
token = "${ROOT}"
"""
SECRETS = {name: f"{name}-0123456789abcdef" for name in ("SOURCE", "PD", "ROOT")}
RUNBOOK = "# Work\n\n## Mend it\n\n### Resolution\n\n```bash\ntouch mended\n```\n"


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[server.Server]:
    yield from server.serving_cold(tmp_path, TOML, **SECRETS)


def test_every_path_stands_in_the_document_with_its_methods() -> None:
    written = yaml.safe_load(openapi.PATH.read_text(encoding="utf-8"))["paths"]
    documented = {
        path: {name.upper() for name in item if name != "parameters"}
        for path, item in written.items()
    }
    served = {
        route.path: set(route.methods or ()) - {"HEAD"}
        for route in application.routes()
        if isinstance(route, routing.Route)
    }

    assert documented == served


@pytest.mark.timeout(3000 if LONG else 120)
def test_the_api_does_what_its_document_says(watch: server.Server, tmp_path: Path) -> None:
    alert = {"labels": {"alertname": "X"}, "startsAt": "2026-11-01T00:00:00Z"}
    assert watch.post("/api/v2/alerts", [alert], SECRETS["SOURCE"]).status_code == 200
    _a_run_waits(watch)
    command = [
        *(str(Path(sys.executable).with_name("st")), "run", f"{watch.url}/openapi.json"),
        *("-H", f"Authorization: Bearer {SECRETS['ROOT']}"),
        *("--phases", PHASES, "-n", EXAMPLES, "--warnings", "off"),
        *("--exclude-checks", "positive_data_acceptance", "--generation-database", "none"),
    ]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-6000:]
    assert watch.get("/health/ready") == {"status": "ready", "troubles": []}
    assert [line for line in watch.said if "trace" in line] == []


def _a_run_waits(watch: server.Server) -> None:
    """Leave a run behind that asks for a yes, so that there is one to be seen."""
    (watch.folder / "work.md").write_text(RUNBOOK, encoding="utf-8")
    command = [*server.PROGRAM[:-1], "run", "work.md#mend-it"]
    done = subprocess.run(
        command, cwd=watch.folder, env=watch.environment, capture_output=True, check=False
    )
    assert done.returncode == 4, done.stderr
    (run,) = watch.get("/api/v1/runs?waiting=true", SECRETS["ROOT"])["runs"]
    whole = yaml.safe_load(openapi.PATH.read_text(encoding="utf-8"))
    wanted = {"$ref": "#/components/schemas/WholeRun", **whole}
    shown = watch.get(f"/api/v1/runs/{run['id']}", SECRETS["ROOT"])
    jsonschema_rs.validate(wanted, shown)
