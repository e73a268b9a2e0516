"""The watch's own probes: bad for long enough is an alert, blindness ends nothing."""

from __future__ import annotations

import datetime
import http.server
import threading
from collections.abc import Iterator

import pytest
from tests.watch import harness

from midwatch.alerts import model, probes
from midwatch.engine.watch import probing
from midwatch.incidents import store as incidents
from midwatch.plugs.probes import http as web
from midwatch.plugs.probes import promql

MINUTE = datetime.timedelta(minutes=1)
SITE = probes.Probe("SiteDown", 30 * harness.STEP / 15, MINUTE, severity="critical")


def looks(watch: harness.Watch, *seen: probes.Look) -> None:
    """One look a minute."""
    for look in seen:
        probing.look_around(watch.where, [probing.Watched(SITE, lambda look=look: look)], watch)  # type: ignore[misc]
        watch.advance(minutes=1)


def told(watch: harness.Watch) -> list[tuple[str, str]]:
    query = "select name, status from alerts order by received_at, name"
    return [(row[0], row[1]) for row in watch.where.rows(query)]


def test_what_is_bad_for_a_moment_is_no_alert(watch: harness.Watch) -> None:
    looks(watch, probes.Bad(), probes.Good(), probes.Bad(), probes.Good())
    assert told(watch) == []


def test_what_stays_bad_is_an_alert_and_its_end_is_told(watch: harness.Watch) -> None:
    looks(watch, probes.Bad(said="no answer"), probes.Bad(said="no answer"))
    watch.expect("1 ana slack page")
    looks(watch, probes.Good())
    watch.advance(minutes=5)
    watch.expect("7 ana slack update")
    assert told(watch) == [("SiteDown", "resolved")]


def test_blindness_is_an_alert_of_its_own_and_ends_nothing(watch: harness.Watch) -> None:
    blind = probes.Blind("no route")
    looks(watch, probes.Bad(), probes.Bad(), blind, blind)
    assert told(watch) == [("SiteDown", "firing"), ("SiteDownUnknown", "firing")]
    watch.got.clear()


def test_each_series_is_an_alert_with_its_labels(watch: harness.Watch) -> None:
    bad = probes.Bad(({"host": "a"}, {"host": "b"}))
    looks(watch, bad, bad, probes.Bad(({"host": "b"},)))
    query = "select labels, status from alerts order by labels"
    assert watch.where.rows(query) == [
        ('{"host": "a", "alertname": "SiteDown", "severity": "critical"}', "resolved"),
        ('{"host": "b", "alertname": "SiteDown", "severity": "critical"}', "firing"),
    ]
    assert len(incidents.listed(watch.where, everything=True, limit=9)) == 1
    watch.got.clear()


def test_a_look_is_not_repeated_before_its_time(watch: harness.Watch) -> None:
    seen = []

    def look() -> probes.Look:
        seen.append(watch.time)
        return probes.Good()

    for _ in range(3):
        probing.look_around(watch.where, [probing.Watched(SITE, look)], watch)
    assert len(seen) == 1


def test_the_same_judgement_twice_gives_the_same_alert() -> None:
    now = harness.BEGIN
    first = probes.judge(SITE, (), probes.Bad(), now)
    later = probes.judge(SITE, first.standing, probes.Bad(), now + MINUTE)
    again = probes.judge(SITE, first.standing, probes.Bad(), now + MINUTE)

    assert [each.key for each in later.alerts] == [each.key for each in again.alerts]
    assert later.alerts[0].status is model.Status.FIRING


class Answers(http.server.BaseHTTPRequestHandler):
    """A web server that is well at /well and says what a Prometheus says at /api."""

    def do_GET(self) -> None:
        body = b"all is well"
        status = 200 if self.path == "/well" else 503
        if self.path.startswith("/api/v1/query"):
            status, body = 200, self.server.answer  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.answer = b"{}"  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_web_address_is_well_or_says_what_is_wrong(
    server: http.server.ThreadingHTTPServer,
) -> None:
    base = f"http://127.0.0.1:{server.server_port}"

    assert web.look(web.Address(f"{base}/well", contains="all is")) == probes.Good()
    assert web.look(web.Address(f"{base}/ill")) == probes.Bad(
        said=f"{base}/ill answers 503, not 200"
    )
    assert web.look(web.Address(f"{base}/well", contains="ready")) == probes.Bad(
        said=f"{base}/well does not contain “ready”"
    )
    nowhere = web.look(web.Address("http://127.0.0.1:1/"))
    assert isinstance(nowhere, probes.Bad)


@pytest.mark.parametrize(
    ("answer", "look"),
    [
        (b'{"status":"success","data":{"resultType":"vector","result":[]}}', probes.Good()),
        (
            b'{"status":"success","data":{"resultType":"vector","result":[%s]}}'
            % b'{"metric":{"__name__":"up","job":"mail"},"value":[1,"0"]}',
            probes.Bad(({"job": "mail"},), "up == 0 holds"),
        ),
    ],
)
def test_a_condition_is_bad_for_each_series_that_it_keeps(
    server: http.server.ThreadingHTTPServer, answer: bytes, look: probes.Look
) -> None:
    server.answer = answer  # type: ignore[attr-defined]
    base = f"http://127.0.0.1:{server.server_port}"

    assert promql.look(promql.Condition(base, "up == 0")) == look


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b'{"status":"error","error":"bad"}',
        b'{"status":"success","data":{"resultType":"matrix"}}',
    ],
)
def test_a_prometheus_that_cannot_answer_leaves_us_blind(
    server: http.server.ThreadingHTTPServer, answer: bytes
) -> None:
    server.answer = answer  # type: ignore[attr-defined]
    base = f"http://127.0.0.1:{server.server_port}"

    assert isinstance(promql.look(promql.Condition(base, "up == 0")), probes.Blind)
    assert isinstance(promql.look(promql.Condition("http://127.0.0.1:1", "up")), probes.Blind)
