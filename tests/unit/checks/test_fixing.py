"""Safe replacements: exactly what they say and nothing else in the file."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from midwatch.checks import durations, fixing, model

AWAY = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


def change(line: int, first: int, end: int, new: str) -> model.Replacement:
    return model.Replacement(line, first, line, end, new)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("# Ä\r\nkubectl rename a\r\nend".encode(), [change(2, 9, 15, "create")],
         "# Ä\r\nkubectl create a\r\nend".encode()),
        (b"abcdef", [change(1, 3, 6, "X"), change(1, 1, 4, "Y")], b"Ydef"),
        (b"a\nbc", [change(2, 2, 3, "d")], b"a\nbd"),
        (b"a\rbc\r", [change(2, 1, 2, "x")], b"a\rxc\r"),
        (b"\xef\xbb\xbfab\n", [change(1, 1, 2, "x")], b"\xef\xbb\xbfxb\n"),
        ("a\u2028b\x0cc\x85d\n\tef\n".encode(), [change(2, 2, 3, "x")],
         "a\u2028b\x0cc\x85d\n\txf\n".encode()),
        (b"\xff\xfe\x00\nab\n", [change(2, 1, 2, "x")], b"\xff\xfe\x00\nab\n"),
        (b"caf\xe9\nab\n", [change(2, 1, 2, "x")], b"caf\xe9\nxb\n"),
        (b"caf\xe9 ab\n", [change(1, 6, 7, "x")], b"caf\xe9 ab\n"),
        ("\ufeffab\n".encode("utf-16-le"), [change(1, 1, 2, "x")],
         "\ufeffxb\n".encode("utf-16-le")),
        (b"ab", [change(1, 2, 2, " or ")], b"a or b"),
        (b"ab", [change(9, 1, 2, "x")], b"ab"),
        (b"", [change(1, 1, 1, "x")], b"x"),
    ],
    ids=["crlf", "overlapping", "no newline at the end", "old Mac", "byte order mark",
         "odd separators and tabs", "no text at all", "Latin-1 elsewhere", "Latin-1 here",
         "UTF-16", "insertion", "no such line", "empty"],
)  # fmt: skip
def test_a_change_touches_its_own_characters_only(
    before: bytes, changes: list[model.Replacement], after: bytes
) -> None:
    assert fixing.apply(before, changes).data == after


def test_what_was_made_is_told() -> None:
    first, second = change(1, 1, 4, "Y"), change(1, 3, 6, "X")

    assert fixing.apply(b"abcdef", [second, first]).made == {first}


FILES = (
    ("ops/desk.md", b"a\nb\nc", b"a\nx\nc"),
    ("my desk/röte.md", b"a\r\nb\r\n", b"a\r\nx\r\n"),
    ('odd "name"\\.md', b"\xef\xbb\xbfa\n\tb", b"\xef\xbb\xbfa\n\tx\n"),
    ("latin.md", b"caf\xe9\nb\n\x0c\x1c\n" * 9, b"caf\xe9\nb\n\x0c\x1c\n" * 8 + b"caf\xe9\nx\n"),
    ("mixed.md", b"a\rb\r\nc\n" + b"k\n" * 20, b"a\rb\r\nd\n" + b"k\n" * 19 + b"l\n"),
)  # fmt: skip


@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "-p1", "--binary", "--silent"]])
def test_a_patch_is_what_git_and_patch_apply(tmp_path: Path, tool: list[str]) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not on this machine")
    patches = []
    for name, before, after in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(before)
        patches.append(fixing.patch(name, before, after))

    subprocess.run(
        tool, input=b"".join(patches), cwd=tmp_path, env={**os.environ, **AWAY}, check=True
    )

    for name, _, after in FILES:
        assert (tmp_path / name).read_bytes() == after, name


def test_a_patch_of_nothing_is_nothing() -> None:
    assert fixing.patch("a.md", b"a\n", b"a\n") == b""


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("15-30 minutes", 900, 1800),
        ("Target <15 min", 900, 900),
        ("30+ minutes", 1800, 1800),
        ("1 hour response", 3600, 3600),
        ("5m", 300, 300),
        ("2 to 3 hours", 7200, 10800),
        ("90s", 90, 90),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, low: int, high: int) -> None:
    assert durations.span(text) == durations.Span(low, high)


@pytest.mark.parametrize("text", ["soon", "5 metres", "12 replicas", ""])
def test_what_is_no_length_of_time_is_none(text: str) -> None:
    assert durations.span(text) is None
