"""Values in texts that are no shell: beside the text, by its rules, or refused."""

from __future__ import annotations

import json
import re
import sqlite3
import tomllib
import urllib.parse
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from midwatch.commands import binding
from midwatch.commands.filling import http, model, promql, registry, sql

CASES = Path(__file__).parents[2] / "cases" / "filling"
HOLE = re.compile(r"«(\w+)»")
HOSTILE = strategies.one_of(
    strategies.text(max_size=60),
    strategies.lists(
        strategies.sampled_from(
            ["'", '"', "`", "\\", ";", "--", "/*", "*/", "$$", "$1", "?", "%s", "%", "\n", "\0",
             " OR 1=1", "{", "}", ":x", "é", "😀", "DROP TABLE t", "-", "\r\n"]
        ), max_size=12,
    ).map("".join),
)  # fmt: skip


def cases(name: str) -> list[Any]:
    found = tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    return [pytest.param(each, id=each["promise"]) for each in found]


def holes(text: str, values: dict[str, str]) -> list[binding.Hole]:
    found = []
    for match in HOLE.finditer(text):
        value = values[match[1]]
        variable = value.removeprefix("$") if value.startswith("$") else None
        found.append(binding.Hole(match.start(), match.end(), match[1], value, variable))
    return found


@pytest.mark.parametrize("case", cases("sql.toml"))
def test_sql(case: dict[str, Any]) -> None:
    filled = sql.fill(case["text"], holes(case["text"], case["values"]))

    if "refused" in case:
        assert isinstance(filled, binding.Refused)
        assert case["refused"] in filled.reason
        return
    assert isinstance(filled, model.Filled)
    assert filled.text == case["shown"]
    assert list(filled.pieces) == case["pieces"]
    bound = [f"${each.variable}" if each.variable else each.value for each in filled.parameters]
    assert bound == case["bound"]


@pytest.mark.parametrize("case", cases("others.toml"))
def test_others(case: dict[str, Any]) -> None:
    filled = registry.FILLERS[case["kind"]](case["text"], holes(case["text"], case["values"]))

    if "refused" in case:
        assert isinstance(filled, binding.Refused)
        assert case["refused"] in filled.reason
        return
    assert isinstance(filled, model.Filled)
    assert filled.text == case["shown"]


@hypothesis.given(
    HOSTILE, strategies.sampled_from(["SELECT «v»", "SELECT '«v»'", "SELECT 'a«v»b'"])
)
def test_whatever_the_value_is_the_database_gets_it_whole(value: str, text: str) -> None:
    hypothesis.assume(not value.startswith("$"))
    filled = sql.fill(text, holes(text, {"v": value}))

    if isinstance(filled, binding.Refused):
        assert "\0" in value
        return
    statement = "?".join(filled.pieces)
    values = [each.value for each in filled.parameters]
    whole = f"a{value}b" if "a«" in text else value
    try:
        found = sqlite3.connect(":memory:").execute(statement, values).fetchone()[0]
    except UnicodeEncodeError:  # half of a character is no text to any database
        return
    assert str(found) == whole


@hypothesis.given(HOSTILE)
def test_a_value_stays_one_label_of_a_query(value: str) -> None:
    text = 'up{pod="«v»"}'
    hypothesis.assume(not value.startswith("$"))
    filled = promql.fill(text, holes(text, {"v": value}))

    if isinstance(filled, model.Filled):
        inside = filled.text[len('up{pod="') : -len('"}')]
        assert re.fullmatch(r'(?:[^"\\\n]|\\.)*', inside)
        assert re.sub(r"\\(.)", r"\1", inside) == value


@hypothesis.given(HOSTILE)
def test_a_value_stays_one_part_of_a_request(value: str) -> None:
    text = 'POST /jobs/«v»/retry\nX-Job: a\n\n{"name": "«v»"}'
    hypothesis.assume(not value.startswith("$"))
    hypothesis.assume(value.isprintable() or "\n" in value or "\0" in value)
    filled = http.fill(text, holes(text, {"v": value}))

    assert isinstance(filled, model.Filled)
    head, _, body = filled.text.partition("\n\n")
    assert json.loads(body) == {"name": value}
    path = head.splitlines()[0].split(" ")[1]
    assert [urllib.parse.unquote(each) for each in path.split("/")] == ["", "jobs", value, "retry"]
