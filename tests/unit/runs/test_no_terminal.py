"""Commands that insist on a terminal run where there is none, in the words that the plan shows."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.runs import no_terminal

FILE = Path(__file__).parents[2] / "cases/runs/no_terminal.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["promise"] for case in CASES])
def test_no_terminal_is_asked_for_where_there_is_none(case: dict[str, Any]) -> None:
    assert no_terminal.without(case["text"]) == case.get("runs", case["text"])
