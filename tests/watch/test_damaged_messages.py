"""Messages that are damaged on the way: each is answered with a yes that holds, or a reason."""

from __future__ import annotations

import os
import random
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.watch import server

CASES = Path(__file__).parents[1] / "cases" / "sources" / "messages.toml"
ROUNDS = 200 if os.environ.get("MIDWATCH_LONG") == "1" else 4


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[server.Server]:
    yield from server.serving(tmp_path)


def messages() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return [case for case in found if case["body"].strip().startswith(("{", "["))]


def path(kind: str) -> str:
    known = {"alertmanager-api": "/api/v2/alerts", "pagerduty": "/v2/enqueue"}
    return known.get(kind, f"/intake/{kind}")


def damaged(body: bytes, dice: random.Random) -> bytes:
    """The body with some of it cut off, doubled, swapped or overwritten."""
    data = bytearray(body)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(data) or 1)
        match dice.randrange(4):
            case 0:
                del data[at : at + dice.randint(1, 30)]
            case 1:
                data[at:at] = data[at : at + dice.randint(1, 30)]
            case 2:
                data[at : at + 1] = dice.choice([b"\x00", b'"', b"{", b"[", b"9" * 40, b"\xff"])
            case _:
                data[at : at + 1] = bytes([dice.randrange(256)])
    return bytes(data) or b"{"


def test_whatever_arrives_is_kept_or_refused_with_a_reason(watch: server.Server) -> None:
    dice = random.Random(20261122)  # noqa: S311  (which bytes, no secret)
    accepted = 0
    with httpx.Client(base_url=watch.url) as client:
        for case in messages() * ROUNDS:
            body = damaged(case["body"].encode(), dice)
            headers = {k: v for k, v in case.get("headers", {}).items() if v.isascii()}
            answer = client.post(path(case["kind"]), content=body, headers=headers)
            told = answer.json()
            assert answer.status_code in {200, 202, 400}, (body, answer.text)
            accepted += told.get("accepted", 0) or int(answer.status_code == 202)
    connection = sqlite3.connect(watch.folder / "state" / "watch.db")
    (kept,) = connection.execute("select count(*) from intake").fetchone()
    connection.close()

    assert 0 < kept <= accepted
    assert watch.get("/health/ready") == {"status": "ready", "troubles": []}
    assert [line for line in watch.said if "trace" in line] == []
