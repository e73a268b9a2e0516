"""What probes and Prometheus say, and what is made of it."""

from __future__ import annotations

import pytest

from midwatch.plugs.drills import alerts, probing


@pytest.mark.parametrize(
    ("line", "ok", "why"),
    [
        (b'{"ok": true, "why": ""}\n', True, ""),
        (b'{"ok": true, "took": 0.1, "kind": "pages"}\n', True, ""),
        (b'{"ok": false, "why": "HTTP 502"}\n', False, "HTTP 502"),
        (b'{"ok": false}\n', False, "bad"),
        (b"all is well\n", False, "the probe printed no look: all is well"),
        (b'{"why": "x"}\n', False, 'the probe printed no look: {"why": "x"}'),
        (b"[]\n", False, "the probe printed no look: []"),
        (b"true\n", False, "the probe printed no look: true"),
        (b'{"ok": 1}\n', False, 'the probe\'s “ok” is neither true nor false: {"ok": 1}'),
        (b"\xff\xfe\n", False, "the probe printed no look: ��"),
    ],
)
def test_a_line_that_is_no_look_is_a_bad_one(line: bytes, ok: bool, why: str) -> None:  # noqa: FBT001
    assert probing.read(line, 1.5) == probing.Seen(1.5, ok, why)


def test_only_what_fires_has_called_somebody() -> None:
    body = b"""{"status": "success", "data": {"alerts": [
        {"labels": {"alertname": "Down", "severity": "page"}, "state": "firing"},
        {"labels": {"alertname": "Slow"}, "state": "pending"},
        {"labels": {"alertname": "Down"}, "state": "firing"}]}}"""

    assert alerts.read(body) == {"Down"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": {}}', b"<html>"])
def test_what_is_no_answer_of_prometheus_is_an_error_that_is_waited_out(body: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        alerts.read(body)
