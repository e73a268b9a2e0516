"""An author's EXIT trap runs when the run is over, as when a terminal is closed: once."""

from __future__ import annotations

from typing import Any

import pytest

Desk = Any
TRAP = "trap 'echo bye $NAME >>log' EXIT"


def log(desk: Desk) -> list[str]:
    path = desk.folder / "log"
    return list(path.read_text().splitlines()) if path.exists() else []


def test_it_runs_after_the_last_step_with_what_the_run_holds(desk: Desk) -> None:
    desk.steps(TRAP, "NAME=ada", "echo work >>log")

    ended = desk.run("--yes", "change", "--json")

    assert ended.code == 0
    assert log(desk) == ["work", "bye ada"]
    assert [event["kind"] for event in ended.events][-3:] == [
        "exit-trap-started",
        "exit-trap-finished",
        "finished",
    ]


def test_what_it_prints_is_shown_and_on_record(desk: Desk) -> None:
    desk.steps("trap 'echo good; echo bye >&2; exit 3' EXIT", "echo work")

    ended = desk.run("--yes", "change")
    told = desk.midwatch("transcript", ended.run_id).output

    assert ended.code == 0  # as pasted: nobody asks how a terminal ended
    assert "good\nbye\n  ✗" in ended.output
    assert "good\nbye\n" in told
    assert "the runbook's EXIT trap: exit 3" in told


def test_it_runs_once_though_the_run_failed_and_was_taken_up_again(desk: Desk) -> None:
    desk.steps(TRAP, "test -e there", "echo work >>log")

    first = desk.run("--yes", "change")
    assert (first.code, log(desk)) == (1, ["bye"])
    (desk.folder / "there").touch()
    again = desk.midwatch("resume", first.run_id, "--failed", "retry", "--yes", "change")

    assert again.code == 0
    assert log(desk) == ["bye", "work"]


def test_it_waits_while_the_run_waits(desk: Desk) -> None:
    desk.steps(TRAP, "rm -rf nothing")

    assert desk.run("--yes", "change").code == 4
    assert log(desk) == []


@pytest.mark.parametrize("step", ["exit 3", "set -e; false", "kill -TERM $$"])
def test_a_step_that_leaves_the_shell_sets_it_off_there(desk: Desk, step: str) -> None:
    desk.steps(TRAP, step, "echo work >>log")

    first = desk.run("--yes", "change")
    assert (first.code, log(desk)) == (1, ["bye"])
    again = desk.midwatch("resume", first.run_id, "--failed", "skip", "--yes", "change")

    assert again.code == 0
    assert log(desk) == ["bye", "work"]


def test_a_trap_that_is_taken_back_does_not_run(desk: Desk) -> None:
    desk.steps(TRAP, "trap - EXIT")

    assert desk.run("--yes", "change").code == 0
    assert log(desk) == []


def test_a_step_that_is_stopped_does_not_set_it_off(desk: Desk) -> None:
    desk.write("[limits]\nendless = 1\n", "midwatch.toml")
    desk.steps(TRAP, "tail -f /dev/null && echo never >>log", "echo work >>log")

    ended = desk.run("--yes", "change")

    assert ended.code == 0, ended.output
    assert log(desk) == ["work", "bye"]


@pytest.mark.parametrize("point", ["after-result-commit@0", "before-finish-commit"])
def test_a_crash_neither_loses_nor_repeats_it(desk: Desk, point: str) -> None:
    desk.steps(TRAP, "echo work >>log")
    process, run_id = desk.begin("--yes", "change", MIDWATCH_FAILPOINT=point)
    process.communicate(timeout=30)

    again = desk.midwatch("resume", run_id, "--yes", "change")

    assert again.code == 0
    assert log(desk) == ["work", "bye"]


def test_a_trap_that_runs_while_midwatch_is_killed_is_followed_again(desk: Desk) -> None:
    desk.steps("trap 'echo begun >begun; sleep 1; echo bye >>log' EXIT", "true")
    process, run_id = desk.begin("--yes", "change")
    desk.until("begun")
    desk.kill(process)

    again = desk.midwatch("resume", run_id)

    assert again.code == 0
    assert log(desk) == ["bye"]


def test_stopping_a_run_closes_its_terminal_too(desk: Desk) -> None:
    desk.steps(TRAP, "echo begun >begun; sleep 30")
    process, run_id = desk.begin("--yes", "change")
    desk.until("begun")

    assert desk.midwatch("stop", run_id).code == 0
    process.communicate(timeout=30)

    assert log(desk) == ["bye"]


def test_a_run_without_an_owner_is_stopped_without_its_trap_and_says_so(desk: Desk) -> None:
    desk.steps(TRAP, "echo begun >begun; sleep 30")
    process, run_id = desk.begin("--yes", "change")
    desk.until("begun")
    desk.kill(process)

    assert desk.midwatch("stop", run_id).code == 0

    assert log(desk) == []
    assert "EXIT trap did not run" in desk.midwatch("transcript", run_id).output
