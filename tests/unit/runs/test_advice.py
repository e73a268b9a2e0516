"""What a person is told around a change holds the values that the change gets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.commands import binding
from midwatch.commands import model as commands
from midwatch.runs import advice

FILE = Path(__file__).parents[2] / "cases/runs/advice.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


def holes(case: dict[str, Any]) -> list[binding.Hole]:
    text = case["text"]
    return [
        binding.Hole(text.index(word), text.index(word) + len(word), word, value)
        for word, value in case["values"].items()
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["promise"] for case in CASES])
def test_advice_is_filled_by_position_or_left_out(case: dict[str, Any]) -> None:
    wanted = advice.Advice(look_first=(case["template"],), undo=(case["template"],))

    told = advice.filled(wanted, case["text"], holes(case))

    expected = (case["told"],) if case["told"] else ()
    assert told == advice.Advice(look_first=expected, undo=expected)


def test_what_it_touches_is_named_with_its_values() -> None:
    hole = binding.Hole(3, 9, "folder", "/srv/a b")

    told = advice.filled(advice.Advice(touches=("<file>/marker",)), "rm <file>/marker", [hole])

    assert told.touches == ("/srv/a b/marker",)


def test_a_secret_value_is_not_shown_in_what_is_touched() -> None:
    hole = binding.Hole(3, 9, "file", "hunter2-hunter2", "MIDWATCH_INPUT_FILE")

    told = advice.filled(advice.Advice(touches=("<file>",)), "rm <file>", [hole])

    assert told.touches == ("******",)


def test_a_look_that_is_not_a_read_is_never_carried_out() -> None:
    effects = {"ls x": commands.Effect.READ, "odd x": commands.Effect.UNKNOWN}

    found = advice.looks(
        ("ls x", "odd x"),
        commands.Effect.CHANGE,
        lambda text: commands.Judgement(effects[text], "told so"),
    )

    assert found == ("ls x",)
