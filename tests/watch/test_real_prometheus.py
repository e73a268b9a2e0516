"""A real Prometheus and a real Alertmanager page through a real `midwatch serve`."""

from __future__ import annotations

import contextlib
import http.server
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.watch import server

PROMETHEUS = """\
global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: [ "{folder}/rules.yml" ]
scrape_configs:
  - job_name: shop
    static_configs: [ {{ targets: [ "127.0.0.1:{shop}" ] }} ]
alerting:
  alertmanagers:
    - static_configs: [ {{ targets: [ "127.0.0.1:{alertmanager}" ] }} ]
    - static_configs: [ {{ targets: [ "{midwatch}" ] }} ]
      authorization: {{ credentials: "{token}" }}
"""
RULES = """\
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up{job="shop"} == 0
        labels: { severity: critical }
        annotations: { summary: "The shop does not answer" }
"""
ALERTMANAGER = """\
route: {{ receiver: midwatch, group_wait: 0s, group_interval: 1s, repeat_interval: 1h }}
receivers:
  - name: midwatch
    webhook_configs:
      - url: "http://{midwatch}/intake/webhook"
        http_config: {{ authorization: {{ credentials: "{token}" }} }}
"""
TOML = """\
[serve]
listen = "127.0.0.1:0"

[sources.webhook]
kind = "alertmanager"
token = "${WEBHOOK_TOKEN}"

[sources.direct]
kind = "alertmanager"
token = "${DIRECT_TOKEN}"

[tokens.ana]
role = "responder"
token = "${ANA_TOKEN}"

[alerts]
group_by = ["alertname"]

[waits]
all_clear = "1s"
"""
TOKENS = {
    name: f"{name}-0123456789abcdef" for name in ("WEBHOOK_TOKEN", "DIRECT_TOKEN", "ANA_TOKEN")
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def running(*command: str, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


class Shop(http.server.BaseHTTPRequestHandler):
    """What Prometheus scrapes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"shop_orders_total 1\n")

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def shop(port: int) -> Iterator[None]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Shop) as open_:
        thread = threading.Thread(target=open_.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            open_.shutdown()
            thread.join()


@contextlib.contextmanager
def monitoring(folder: Path, midwatch: str, ports: Mapping[str, int]) -> Iterator[None]:
    """Prometheus, which tells Midwatch itself and an Alertmanager, which tells Midwatch too."""
    direct, webhook = TOKENS["DIRECT_TOKEN"], TOKENS["WEBHOOK_TOKEN"]
    (folder / "rules.yml").write_text(RULES)
    (folder / "prometheus.yml").write_text(
        PROMETHEUS.format(folder=folder, midwatch=midwatch, token=direct, **ports)
    )
    (folder / "alertmanager.yml").write_text(ALERTMANAGER.format(midwatch=midwatch, token=webhook))
    with (
        running(
            server.program("prometheus-alertmanager", "alertmanager"),
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/alertmanager",
            f"--web.listen-address=127.0.0.1:{ports['alertmanager']}",
            "--cluster.listen-address=",
            log=folder / "alertmanager.log",
        ),
        running(
            server.program("prometheus"),
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/prometheus",
            f"--web.listen-address=127.0.0.1:{ports['prometheus']}",
            log=folder / "prometheus.log",
        ),
    ):
        yield


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[server.Server]:
    server.program("prometheus")
    server.program("prometheus-alertmanager", "alertmanager")
    yield from server.serving_cold(tmp_path, TOML, **TOKENS)


def test_a_real_alert_opens_an_incident_and_its_end_is_an_all_clear(
    watch: server.Server, tmp_path: Path
) -> None:
    ana = TOKENS["ANA_TOKEN"]
    ports = {name: free_port() for name in ("shop", "alertmanager", "prometheus")}

    def seen() -> list[Mapping[str, Any]]:
        found = watch.get("/api/v1/incidents?status=all", ana)["incidents"]
        return [watch.get(f"/api/v1/incidents/{each['id']}", ana) for each in found]

    def told_by() -> set[str]:
        return {alert["source"] for each in seen() for alert in each["alert_list"]}

    with monitoring(tmp_path, watch.url.removeprefix("http://"), ports):
        server.until(lambda: told_by() == {"direct", "webhook"}, "told by both")
        (incident,) = seen()
        assert incident["title"] == "The shop does not answer"
        assert incident["status"] == "open"
        assert incident["firing"] == 2

        with shop(ports["shop"]):
            server.until(lambda: seen()[0]["status"] == "resolved", "the all-clear")

    kinds = [event["kind"] for event in seen()[0]["timeline"]]
    assert kinds[0] == "opened"
    assert kinds[-1] == "resolved"
    assert watch.get("/api/v1/refusals", ana)["refusals"] == []
