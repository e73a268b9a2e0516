"""Tab, through the protocol that the shells speak: right, quick, and never a sentence of error."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Desk = Any


PROGRAM = Path(sys.executable).with_name("midwatch")
"""As installed: the protocol goes by the program's name."""


def answer(desk: Desk, **environment: str) -> str:
    """What Midwatch answers a shell."""
    ended = subprocess.run(
        [PROGRAM],
        cwd=desk.folder,
        env={**desk.environment, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    return ended.stdout


def bash(desk: Desk, words: str) -> list[str]:
    """What bash is offered for the last of these words, which may be empty."""
    word = str(len(words.split(" ")) - 1)
    told = answer(desk, _MIDWATCH_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=word)
    return [line for line in told.splitlines() if line]


@pytest.fixture
def book(desk: Desk) -> Desk:
    (desk.folder / "ops").mkdir()
    desk.write(
        "# Mail\n\n## Queue is stuck\n\n```bash\ncat pod-<pod-name>\n```\n\n"
        "## Disk full\n\n```bash\ndf -h\n```\n\n## People\n\nAna.\n",
        "ops/mail.md",
    )
    desk.write(
        "[targets.production]\ndescription = 'The real one'\n[targets.staging]\n", "midwatch.toml"
    )
    return desk


def test_a_single_runbook_is_opened_at_once(book: Desk) -> None:
    found = ["ops/mail.md#queue-is-stuck", "ops/mail.md#disk-full"]

    assert bash(book, "midwatch run ") == found
    assert bash(book, "midwatch run op") == found
    assert bash(book, "midwatch policy explain ops/m") == found


def test_several_are_offered_so_that_the_procedure_can_follow(book: Desk) -> None:
    book.write("# Other\n", "ops/more.md")
    book.write("no runbook", "ops/notes.txt")

    assert bash(book, "midwatch run ops/") == ["ops/mail.md#", "ops/more.md#"]


@pytest.mark.parametrize("read_before", [False, True])
def test_procedures_are_offered_behind_the_mark(book: Desk, read_before: bool) -> None:  # noqa: FBT001
    book.environment["XDG_CACHE_HOME"] = str(book.folder / "cache")
    if read_before:
        book.midwatch("show", "ops/mail.md")

    assert bash(book, "midwatch run ops/mail.md#d") == ["ops/mail.md#disk-full"]
    assert bash(book, "midwatch run ops/mail.md#people") == []


def test_targets_and_inputs_are_those_of_the_runbook(book: Desk) -> None:
    book.environment["XDG_CACHE_HOME"] = str(book.folder / "cache")
    book.midwatch("show", "ops/mail.md")
    words = "midwatch run ops/mail.md#queue-is-stuck"

    assert bash(book, f"{words} --target ") == ["production", "staging"]
    assert bash(book, f"{words} -t p") == ["production"]
    assert bash(book, f"{words} --set ") == ["pod-name="]


def test_runs_are_offered_where_they_make_sense(desk: Desk) -> None:
    desk.steps("true")
    done = desk.run().run_id
    desk.steps("touch mended")
    waits = desk.run("--json").run_id

    assert bash(desk, "midwatch transcript ") == [waits, done]
    assert bash(desk, "midwatch bundle ") == [waits, done]
    assert bash(desk, "midwatch approve ") == [waits, done]
    assert bash(desk, "midwatch resume ") == [waits]
    assert bash(desk, "midwatch stop ") == [waits]
    assert bash(desk, f"midwatch transcript {done}") == [done]


def test_zsh_and_fish_are_told_what_each_is(book: Desk) -> None:
    words = "midwatch run ops/mail.md --target p"
    zsh = answer(book, _MIDWATCH_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=words)
    fish = answer(
        book,
        _MIDWATCH_COMPLETE="complete_fish",
        _TYPER_COMPLETE_ARGS=words,
        _TYPER_COMPLETE_FISH_ACTION="get-args",
        _TYPER_COMPLETE_WORD_TO_COMPLETE="p",
    )

    assert '"production":"The real one"' in zsh
    assert "production\tThe real one" in fish


def test_nothing_to_offer_is_no_error_and_leaves_nothing_behind(desk: Desk) -> None:
    desk.write("[targets", "midwatch.toml")
    (desk.folder / "dark.md").write_bytes(b"\0\xff#")

    for words in (
        "midwatch run nowhere/",
        "midwatch run missing.md#",
        "midwatch run dark.md#",
        "midwatch run dark.md#x --target ",
        "midwatch run dark.md#x --set ",
        "midwatch resume ",
    ):
        assert bash(desk, words) == []
    assert [each.name for each in desk.folder.iterdir() if each.name.startswith(".")] == []


def test_tab_takes_no_longer_than_a_blink(book: Desk) -> None:
    """300 ms, counted as the work it takes, since the machine of the tests is never idle."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        bash(book, "midwatch run ops/mail.md#")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent / 3 < 0.3
