"""A secret that a command prints is shown, kept in a variable, or neither."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.commands import reading

FILE = Path(__file__).parents[2] / "cases/commands/revealing.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_it_is_known_where_a_secret_goes(case: dict[str, Any]) -> None:
    (statement,) = reading.read(case["text"]).statements

    assert statement.reveals == case.get("shown", False)
    assert sorted(statement.captures) == case.get("captures", [])
