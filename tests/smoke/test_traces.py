"""A run becomes a trace where OpenTelemetry's own variables name a collector, and nowhere else."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RUNBOOK = "# Ops\n\n## Look\n\n```bash\necho well\nls /nowhere-at-all\n```\n"


class Collector(http.server.BaseHTTPRequestHandler):
    """Keeps what it is handed."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["x-key"], json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[http.server.HTTPServer]:
    made = http.server.HTTPServer(("127.0.0.1", 0), Collector)
    made.got = []  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "ops.md").write_text(RUNBOOK, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "midwatch", "run", "ops.md#look"],
        cwd=folder,
        env={**os.environ, "MIDWATCH_STATE": str(folder / "state"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_is_one_trace_with_a_span_for_each_step(
    tmp_path: Path, collector: http.server.HTTPServer
) -> None:
    done = run(
        tmp_path,
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        OTEL_EXPORTER_OTLP_HEADERS="x-key=a%20b",
    )

    assert done.returncode == 1, done.stderr
    ((path, key, request),) = collector.got  # type: ignore[attr-defined]
    assert (path, key) == ("/v1/traces", "a b")
    (root, first, second) = request["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert root["name"] == "run look"
    assert (len(root["traceId"]), len(root["spanId"])) == (32, 16)
    assert first["parentSpanId"] == second["parentSpanId"] == root["spanId"]
    assert [span["status"]["code"] for span in (root, first, second)] == [2, 1, 2]
    assert attribute(second, "midwatch.command") == "ls /nowhere-at-all"
    assert int(root["endTimeUnixNano"]) >= int(second["endTimeUnixNano"])


def attribute(span: dict[str, Any], name: str) -> str:
    values = {each["key"]: each["value"] for each in span["attributes"]}
    return str(values[name]["stringValue"])


def test_a_collector_that_is_away_costs_a_trace_and_never_a_run(tmp_path: Path) -> None:
    done = run(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1")

    assert "well" in done.stdout
    assert done.returncode == 1


def test_nobody_who_does_not_want_traces_pays_for_them(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 1
