"""Reading never fails, whatever the bytes."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midwatch.runbook import reading, source

CASES = Path(__file__).parents[2] / "cases" / "runbook"
REAL = [path.read_bytes() for path in sorted((CASES / "shapes").glob("*.md"))]
SIZE = 1_000 if os.environ.get("MIDWATCH_LONG") else 400
FOUND = sorted((CASES / "found").glob("*"))
SIGNS = '```bash\n|```\n|- |> |1. |**|`|\\||# |$ |<<EOF\n|"'
"|'|(|$(|\\|\t|\r\n|\0|<x>|{{|\n\n|[a](|---\n|# or\n"
PIECES = [sign.encode() for sign in SIGNS.split("|")] + [
    b"\xff",
    b"\xf0\x9f\x9a\x80",
    b"\xe2\x80\xa8",
]


def sound(data: bytes) -> None:
    runbook = reading.read("any.md", data)
    lines = source.read("any.md", data).lines
    for procedure in runbook.procedures:
        assert 1 <= procedure.line <= len(lines)
        for step in procedure.steps:
            assert 1 <= step.line <= step.end_line <= len(lines)
            for located in step.commands:
                first = located.command.text.split("\n")[0].rstrip()
                assert lines[located.line - 1][located.column - 1 :].startswith(first)
            for slot in step.slots:
                assert 0 <= slot.start < slot.end <= len(step.text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_any_bytes_make_a_runbook(data: bytes) -> None:
    sound(data)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(REAL), st.integers(0, 2**32), st.integers(1, 20))
def test_a_damaged_document_still_makes_a_sound_runbook(
    data: bytes, seed: int, changes: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  (no secret depends on it)
    text = bytearray(data)
    for _ in range(changes):
        at = dice.randrange(len(text) + 1)
        if dice.random() < 0.3:
            del text[at : at + dice.randrange(60)]
        else:
            text[at:at] = dice.choice(PIECES) * dice.randrange(1, 6)
    sound(bytes(text))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_broke_it_once_breaks_it_no_more(path: Path) -> None:
    sound(path.read_bytes())


HOSTILE: dict[str, Callable[[int], str]] = {
    "quotes": lambda size: "> " * size,
    "lists": lambda size: "- " * size,
    "items": lambda size: "- a\n" * size,
    "numbers": lambda size: "1. **a**: `ls`\n" * size,
    "headings": lambda size: "# a\n" * size,
    "deep headings": lambda size: "# a\n## a\n### a\n#### a\n" * (size // 4),
    "ticks": lambda size: "".join("`" * (index % 60) + " " for index in range(size)),
    "stars": lambda size: "**a " * size,
    "brackets": lambda size: "[" * size + "](" * size,
    "table": lambda size: "|a|b|\n|-|-|\n" + "|`c`|<x>|\n" * size,
    "fences": lambda size: "```\n" * size,
    "comments": lambda size: "```bash\n" + "# or\nls\n" * size + "```\n",
    "prompts": lambda size: "```console\n" + "$ echo 'a\n" * size + "```\n",
    "holes": lambda size: "```bash\nls" + " <a-b>" * size + "\n```\n",
    "conditions": lambda size: "if " * size + ", then " * size,
    "escapes": lambda size: "\\" * size,
    "keys": lambda size: "**a**: b\n" * size,
    "words": lambda size: "a" * size + "\n\n" + "a.b-" * size,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_the_cost_of_a_hostile_document_grows_as_its_size(name: str) -> None:
    small = HOSTILE[name](SIZE).encode()
    large = HOSTILE[name](4 * SIZE).encode()
    reading.read("warm.md", HOSTILE[name](100).encode())
    once = min(_seconds(small) for _ in range(3))
    bound = 10 * once + SIZE / 2_000
    assert any(_seconds(large) < bound for _ in range(3))


def _seconds(text: bytes) -> float:
    """What a reading costs; what the tests before it left behind may be swept up meanwhile."""
    started = time.process_time()
    reading.read("document.md", text)
    return time.process_time() - started
