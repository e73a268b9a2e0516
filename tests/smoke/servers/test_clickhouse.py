"""What is sent to ClickHouse; a stand-in answers, as no real server can be installed here."""

from __future__ import annotations

import urllib.parse

import pytest

from midwatch.base import errors
from midwatch.plugs.steps.databases import clickhouse, model, opening

Received = list[tuple[str, str, dict[str, str], bytes]]


def test_values_travel_beside_the_text_and_a_read_cannot_write(web: tuple[str, Received]) -> None:
    url, received = web
    address = url.replace("http://", "clickhouse://night:pass%40word@") + "/shop"
    database = clickhouse.Database(address)
    database.begin(model.Limits(20), read_only=True)

    database.run(
        model.Statement(("SELECT * FROM jobs WHERE id = ", " AND name = ", ";"), (7, "a\tb"))
    )

    [(method, path, headers, body)] = received
    sent = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
    assert method == "POST"
    assert body == b"SELECT * FROM jobs WHERE id = {p1:Int64} AND name = {p2:String}"
    assert (sent["param_p1"], sent["param_p2"]) == ("7", "a\\tb")
    assert (sent["readonly"], sent["max_execution_time"]) == ("2", "20")
    assert headers["X-ClickHouse-User"] == "night"
    assert headers["X-ClickHouse-Key"] == "pass@word"
    assert headers["X-ClickHouse-Database"] == "shop"
    assert "pass" not in path


def test_it_does_not_pretend_to_take_anything_back(web: tuple[str, Received]) -> None:
    database = clickhouse.Database(web[0].replace("http://", "clickhouse://"))

    assert database.rollback() == "ClickHouse has no transactions: what was written stays."


def test_a_driver_that_is_not_installed_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = {"postgres": ("no_such_driver", "postgres", "PostgreSQL")}
    monkeypatch.setattr(opening, "DRIVERS", missing)

    with pytest.raises(errors.MissingError) as raised:
        opening.require("postgresql://h/d")

    assert raised.value.message == "The driver for PostgreSQL is not installed."
    assert raised.value.hint == "Install it: pip install midwatch[postgres]"
    opening.require("sqlite:///a.db")
