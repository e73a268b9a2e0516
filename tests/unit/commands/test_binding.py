"""A value never becomes program text: the step stays the same program, or it is refused.

What shfmt says of the structure is checked by the code itself; here real bash says which words
arrive.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from midwatch.commands import binding

CASES = Path(__file__).parents[2] / "cases" / "binding" / "positions.toml"
PLACE = re.compile(r"<x>")
VALUES = 100_000 if os.environ.get("MIDWATCH_LONG") else 2_000
BATCH = 500
PIECES = (
    *("'", '"', "\\", "`", "$", "\n", "\r", "\t", " ", ";", "&", "|", "<", ">", "(", ")", "{", "}"),
    *("$(touch PWNED)", "`touch PWNED`", "; touch PWNED;", "|| touch PWNED", "\ntouch PWNED\n"),
    *(
        "${HOME}",
        "$'\\x41'",
        "-rf",
        "--",
        "-",
        "@/etc/passwd",
        "*",
        "?",
        "[a-z]",
        "~",
        "!!",
        "#",
        "%s",
    ),
    *(
        "EOF",
        "\nEOF\n",
        "'\"'\"'",
        "{a,b}",
        "<(id)",
        "a",
        "Z",
        "9",
        ".",
        "/",
        "..",
        ":",
        "=",
        "+",
        ",",
    ),
    *(
        "é",
        "😀",
        "\u2028",
        "\u202e",
        "\x07",
        "\x1b[31m",
        "\x00",
        "\\\n",
        "a[$(touch PWNED)]",
        "midwatchhole0x",
    ),
)
# Each text calls `show`, which prints its arguments; "<x>" is the value, in a word it is "%".
TEMPLATES: Sequence[tuple[str, Sequence[str]]] = (
    ("show <x>", ["%"]),
    ("show a <x> b", ["a", "%", "b"]),
    ("show --name=<x>", ["--name=%"]),
    ("show deployment/<x>", ["deployment/%"]),
    ("show pre<x>post", ["pre%post"]),
    ('show "<x>"', ["%"]),
    ('show "name=<x>"', ["name=%"]),
    ("show '<x>'", ["%"]),
    ("show 'name=<x>'", ["name=%"]),
    ("show $'name=<x>'", ["name=%"]),
    ('show "$(printf %s. <x>)"', ["%."]),
    ('X=<x>; show "$X"', ["%"]),
    ("export X='<x>'; show \"$X\"", ["%"]),
    ('for each in <x> b; do show "$each"; break; done', ["%"]),
    ("if true; then show <x>; fi", ["%"]),
    ("case <x> in *) show <x>;; esac", ["%"]),
    ("show <x> | cat", ["%"]),
    ("show_input <<< <x>", ["%"]),
    ("show_input <<EOF\n<x>\nEOF", ["%"]),
    ("show_input <<'EOF'\n<x>\nEOF", ["%"]),
    ("f() { show <x>; }; f", ["%"]),
    ("show \\\n  <x>", ["%"]),
    ("# about <x>\nshow a", ["a"]),
    ("bash -c 'show <x>'", ["%"]),
    ('eval "show <x>"', ["%"]),
    ("[[ <x> == 1 ]]; show a", ["a"]),
    ("(( <x> > 3 )); show a", ["a"]),
)
PRELUDE = """
show() { printf '%s\\0' "$@"; }
show_input() { local text; IFS= read -r -d '' text; printf '%s\\0' "${text%$'\\n'}"; }
export -f show
"""


def holes(text: str, value: str) -> list[binding.Hole]:
    return [binding.Hole(found.start(), found.end(), "x", value) for found in PLACE.finditer(text)]


def hostile(chance: random.Random) -> str:
    if chance.random() < 0.15:
        return chance.choice(("worker-1", "a.b_c", "2026-11-22", "ada@example.org", "v1.2+3"))
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6)))


def arrived(texts: Sequence[str], folder: Path) -> list[list[str]]:
    """The words that bash hands to `show`, for each text, each in a subshell of its own."""
    script = PRELUDE + "".join(f"(\n{text}\n) 2>/dev/null\nprintf '\\0\\0'\n" for text in texts)
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc"],
        input=script.encode(),
        stdout=subprocess.PIPE,
        cwd=folder,
        check=False,
        timeout=100,
    )
    records = ended.stdout.split(b"\0\0\0")
    return [[word.decode() for word in record.strip(b"\0").split(b"\0")] for record in records[:-1]]


def test_hostile_values_arrive_as_the_words_they_are_or_not_at_all(tmp_path: Path) -> None:
    chance = random.Random(20261122)  # noqa: S311  (the same values every time)
    bound_in_all = 0
    for _ in range(VALUES // BATCH):
        drawn = [(chance.choice(TEMPLATES), hostile(chance)) for _ in range(BATCH)]
        bound = binding.bind_many([(text, holes(text, value)) for (text, _), value in drawn])
        kept = [
            (each.text, words, value)
            for each, ((_, words), value) in zip(bound, drawn, strict=True)
            if isinstance(each, binding.Bound)
        ]
        found = arrived([text for text, _, _ in kept], tmp_path)
        expected = [[word.replace("%", value) for word in words] for _, words, value in kept]

        assert list(zip(found, kept, strict=True)) == list(zip(expected, kept, strict=True))
        assert list(tmp_path.iterdir()) == []
        bound_in_all += len(kept)
    assert bound_in_all > VALUES * 0.3


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_a_value_is_written_as_its_place_demands(case: dict[str, Any]) -> None:
    bound = binding.bind(case["text"], holes(case["text"], case["value"]))

    if "bound" in case:
        assert bound == binding.Bound(case["bound"])
    else:
        assert isinstance(bound, binding.Refused)
        assert case["refused"] in bound.reason


def test_a_value_of_100_kilobytes_goes_in(tmp_path: Path) -> None:
    value = "it's 50% \\ $HOME " * 6000

    bound = binding.bind("show '<x>'", holes("show '<x>'", value))

    assert isinstance(bound, binding.Bound)
    assert arrived([bound.text], tmp_path) == [[value]]


def test_a_secret_is_never_written_into_the_text() -> None:
    text = "login -u ada -p <x> --again '<x>' \"<x>\""
    found = [
        binding.Hole(each.start(), each.end(), "x", "s3cret!", "MIDWATCH_INPUT_X")
        for each in PLACE.finditer(text)
    ]

    assert binding.bind(text, found) == binding.Bound(
        'login -u ada -p "${MIDWATCH_INPUT_X}" --again '
        "''\"${MIDWATCH_INPUT_X}\"'' \"${MIDWATCH_INPUT_X}\""
    )


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('echo "$X"', False),
        ("Y=$X", False),
        ("rm -rf $X", True),
        ('ssh host "echo $X"', True),
        ('bash -c "$X"', True),
        ("[[ $X -gt 3 ]]", True),
        ("cat <<EOF\n$X\nEOF", True),
        ("echo '$X'", False),
    ],
)
def test_a_value_in_a_variable_must_stay_one_word(text: str, refused: bool) -> None:  # noqa: FBT001
    assert bool(binding.variable_refusal(text, "X", "a; rm -rf *")) is refused
    assert binding.variable_refusal(text, "X", "worker-1") == ""
