"""Requests and expressions as documents write them."""

from __future__ import annotations

import pytest

from midwatch.plugs.steps import exchange, http, promql

BASE = "https://api.example.org:8443/v2"


def test_a_path_goes_to_the_targets_address() -> None:
    found = http.read("GET /health?full=1 HTTP/1.1\nHost: elsewhere\nX-Team: night", BASE)

    assert found == exchange.Request(
        "GET", "https://api.example.org:8443/v2/health?full=1", {"X-Team": "night"}, None, 30.0
    )


def test_a_body_without_a_type_is_json() -> None:
    found = http.read('POST /jobs\n\n{"id": 1}', BASE)

    assert found.headers == {"Content-Type": "application/json"}
    assert found.body == b'{"id": 1}'


def test_a_request_to_another_host_is_not_sent() -> None:
    assert "evil.example" in http.by_hand("GET https://evil.example/x", BASE)
    assert http.by_hand("GET https://api.example.org:8443/x", BASE) == ""


@pytest.mark.parametrize("text", ["hello", "GET", "GET /a\nno header", "GET /a\n\nGET /b"])
def test_what_is_not_one_request_is_a_persons(text: str) -> None:
    assert http.by_hand(text, BASE)


def test_each_expression_of_a_block_is_asked_by_itself() -> None:
    assert promql.split("# Rate\nrate(a[5m])\n\n# Sum\nsum(\n  b\n)\n") == [
        "rate(a[5m])",
        "sum(\n  b\n)",
    ]
    assert promql.split("up\nnode_load1\n") == ["up", "node_load1"]
    assert promql.split("a\n  / on(pod)\nb") == ["a\n  / on(pod)\nb"]
    assert promql.split("# nothing\n") == []


def test_numbers_are_written_as_people_read_them() -> None:
    assert promql.number(1234567.0) == "1 234 567"
    assert promql.number(0.123456) == "0.1235"
    assert promql.number(float("inf")) == "+Inf"
