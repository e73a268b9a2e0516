"""A run on the screen: one line says where it stands, a key holds it, and others can follow it."""

from __future__ import annotations

import select
import time
from typing import Any

import pytest

Desk = Any
Terminal = Any
Terminals = Any
TICKS = "{ for i in {1..600}; do test -e go && break; echo tick; sleep 0.05; done; echo last; }"


def read_on(terminal: Terminal, seconds: float) -> str:
    """What is shown in that time."""
    terminal.seen = ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal.ours], [], [], 0.05)[0]:
            terminal.read()
    return str(terminal.seen)


def test_a_line_says_how_far_the_run_is_and_space_holds_the_output(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps(TICKS)
    terminal = terminals.open(desk, "run", "RUNBOOK.md#mend-it")
    terminal.until("tick")
    terminal.until("  1/1")
    terminal.until("space: hold  ^C: stop")

    terminal.type(" ")
    terminal.until("HELD, ")
    assert "tick" not in read_on(terminal, 0.4)
    terminal.type(" ")
    terminal.until("tick")
    (desk.folder / "go").touch()
    terminal.until("last")
    terminal.until("succeeded")

    assert terminal.end() == 0


def test_what_is_held_is_shown_when_the_run_is_over_and_a_key_answers_no_question(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps(TICKS, "touch changed")
    terminal = terminals.open(desk, "run", "RUNBOOK.md#mend-it")
    terminal.until("space: hold")
    terminal.type(" y\n")
    terminal.until("HELD, ")
    (desk.folder / "go").touch()

    terminal.until("last")
    terminal.until("[y]es, [s]kip, [q]uit: ")
    assert "changed" not in read_on(terminal, 0.2)
    assert not (desk.folder / "changed").exists()
    terminal.type("y\n")

    assert terminal.end() == 0
    assert (desk.folder / "changed").exists()


def test_a_run_is_followed_from_another_terminal(desk: Desk) -> None:
    desk.steps("echo first", f"echo $API_TOKEN; {TICKS}")
    desk.environment["API_TOKEN"] = "hunter2-hunter2"  # noqa: S105  (a value for the test)
    process, run_id = desk.begin()
    following = desk.start("transcript", run_id, "--follow")
    assert following.stdout is not None
    seen = ""
    while "tick" not in seen:
        seen += following.stdout.readline()
    (desk.folder / "go").touch()
    rest, errors = following.communicate(timeout=30)
    process.communicate(timeout=30)

    assert following.returncode == 0, errors
    assert "first" in seen
    assert "******" in seen
    assert "hunter2" not in seen + rest
    assert "last\n" in rest
    assert "succeeded" in rest


def test_where_a_secret_is_not_known_its_step_is_shown_when_it_has_ended(desk: Desk) -> None:
    desk.steps(f"echo $API_TOKEN; {TICKS}")
    secret = "hunter2-hunter2"  # noqa: S105  (a value for the test)
    process, run_id = desk.begin(API_TOKEN=secret)
    following = desk.start("transcript", run_id, "--follow")
    assert following.stdout is not None
    seen = ""
    while "it may hold a secret" not in seen:
        seen += following.stdout.readline()
    (desk.folder / "go").touch()
    rest, _ = following.communicate(timeout=30)
    process.communicate(timeout=30)

    assert "\ntick" not in seen
    assert secret not in seen + rest
    assert "last" in rest


@pytest.mark.parametrize("format_", ["html", "asciicast"])
def test_following_is_for_people(desk: Desk, format_: str) -> None:
    desk.steps("true")
    run_id = desk.run("--json").run_id

    ended = desk.midwatch("transcript", run_id, "--follow", "--format", format_)

    assert ended.code == 2
    assert "--follow" in ended.errors
