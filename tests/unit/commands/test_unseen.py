"""Commands labelled by somebody who never saw the engine (see tests/cases/commands/unseen.md)."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from midwatch.commands import explaining, model

CASES = Path(__file__).parents[2] / "cases" / "commands"
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("unseen.jsonl", "unseen2.jsonl")
    for line in (CASES / name).read_text(encoding="utf-8").splitlines()
]


@functools.cache
def told() -> list[explaining.Explanation]:
    return explaining.explain_many([row["command"] for row in ROWS])


def test_a_change_is_never_called_read_on_commands_nobody_tuned_for() -> None:
    wrong = [
        row["command"]
        for row, explanation in zip(ROWS, told(), strict=True)
        if row["effect"] != "read" and explanation.effect is model.Effect.READ
    ]

    assert wrong == []


def test_there_are_over_a_thousand_of_them() -> None:
    assert len(ROWS) > 1_000
