"""How a run ends: stopped, interrupted, killed, in doubt, out of time; and how it goes on."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

Desk = Any


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(*pids: int) -> bool:
    end = time.monotonic() + 10
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(alive(pid) for pid in pids)


def test_a_step_outlives_midwatch_and_is_followed_again(desk: Desk) -> None:
    desk.steps("{ echo $$ > pid; sleep 0.8; echo once >> count; }", "echo after >> count")
    process, run_id = desk.begin("--yes", "change")
    desk.until("pid")
    desk.kill(process)

    ended = desk.midwatch("resume", run_id, "--yes", "change", "--json")

    assert ended.code == 0, ended.output + ended.errors
    assert [event["kind"] for event in ended.events][:3] == ["planned", "resumed", "step-attached"]
    assert (desk.folder / "count").read_text() == "once\nafter\n"


def test_a_result_that_arrived_meanwhile_is_taken(desk: Desk) -> None:
    desk.steps("{ echo $$ > pid; sleep 0.3; echo once | tee -a count; }", "true")
    process, run_id = desk.begin("--yes", "change")
    pid = int(desk.until("pid"))
    desk.kill(process)
    assert gone(pid)

    ended = desk.midwatch("resume", run_id, "--yes", "change", "--json")

    assert ended.code == 0, ended.output + ended.errors
    assert ended.finished()[0]["tail"] == "once\n"
    assert (desk.folder / "count").read_text() == "once\n"


def kill_all(desk: Desk, effect_step: str) -> str:
    """Start, then kill Midwatch, the supervisor and bash: nobody knows how the step ended."""
    desk.steps(effect_step, "echo after >> count")
    process, run_id = desk.begin("--yes", "change")
    pid = int(desk.until("pid"))
    desk.kill(process)
    supervisor = os.getsid(pid)
    os.killpg(supervisor, signal.SIGKILL)
    assert gone(pid, supervisor)
    return str(run_id)


CHANGE = "{ echo $$ > pid; echo once >> count; sleep 60; }"


@pytest.mark.parametrize(
    ("answer", "counted"),
    [("done", "once\nafter\n"), ("skip", "once\nafter\n")],
)
def test_a_change_in_doubt_waits_for_a_person(desk: Desk, answer: str, counted: str) -> None:
    run_id = kill_all(desk, CHANGE)

    waiting = desk.midwatch("resume", run_id, "--yes", "change")
    listed = desk.midwatch("runs")
    ended = desk.midwatch("resume", run_id, "--in-doubt", answer, "--yes", "change")

    assert waiting.code == 4
    assert "in-doubt" in listed.output
    assert ended.code == 0, ended.output + ended.errors
    assert (desk.folder / "count").read_text() == counted


def test_a_change_in_doubt_is_repeated_when_a_person_says_so(desk: Desk) -> None:
    run_id = kill_all(desk, CHANGE.replace("sleep 60", "[ -e again ] || sleep 60"))
    (desk.folder / "again").touch()

    ended = desk.midwatch("resume", run_id, "--in-doubt", "repeat", "--yes", "change")

    assert ended.code == 0, ended.output + ended.errors
    assert (desk.folder / "count").read_text() == "once\nonce\nafter\n"


def test_control_c_stops_the_step_and_the_run_can_be_resumed(desk: Desk) -> None:
    desk.steps("{ echo $$ > pid; sleep 60; }", "echo after >> count")
    process, run_id = desk.begin("--yes", "change")
    pid = int(desk.until("pid"))

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert gone(pid)
    resumed = desk.midwatch("resume", run_id, "--in-doubt", "skip", "--yes", "change")
    assert resumed.code == 0, resumed.output + resumed.errors
    assert (desk.folder / "count").read_text() == "after\n"


def test_control_c_twice_ends_a_step_that_will_not_stop(desk: Desk) -> None:
    desk.steps("{ trap '' TERM INT; echo $$ > pid; while :; do sleep 0.1; done; }")
    process, _ = desk.begin("--yes", "change")
    pid = int(desk.until("pid"))
    began = time.monotonic()

    process.send_signal(signal.SIGINT)
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Traceback" not in errors
    assert gone(pid)
    assert time.monotonic() - began < 4


def test_a_terminal_that_goes_away_lets_the_step_go_on(desk: Desk) -> None:
    desk.steps("{ echo $$ > pid; sleep 0.6; echo once >> count; }")
    process, run_id = desk.begin("--yes", "change")
    desk.until("pid")

    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=20)

    assert process.returncode == 130
    assert desk.until("count") == "once\n"
    assert desk.midwatch("resume", run_id, "--yes", "change").code == 0
    assert (desk.folder / "count").read_text() == "once\n"


TREE = """{
(trap '' TERM; sh -c 'echo $PPID' > stubborn; while :; do sleep 0.1; done) &
setsid sh -c 'echo $$ > daemon; exec sleep 60' &
sleep 0.2; echo $$ > pid; wait; }"""


def test_stop_ends_every_process_of_the_step(desk: Desk) -> None:
    """A child that ignores SIGTERM and one that left the session included."""
    desk.steps(TREE)
    process, run_id = desk.begin("--yes", "change")
    pids = [int(desk.until(name)) for name in ("pid", "stubborn", "daemon")]

    stopped = desk.midwatch("stop", run_id)
    process.communicate(timeout=20)

    assert "stopped" in stopped.output
    assert process.returncode == 130
    assert gone(*pids)


def test_a_read_that_is_stopped_is_not_repeated(desk: Desk) -> None:
    desk.steps("sleep 60 | cat")
    process, run_id = desk.begin()
    started = json.loads(process.stdout.readline())

    stopped = desk.midwatch("stop", run_id)
    output, _ = process.communicate(timeout=20)

    kinds = [started["kind"], *(json.loads(line)["kind"] for line in output.splitlines())]
    assert stopped.code == 0, stopped.errors
    assert kinds == ["step-started", "step-interrupted", "finished"]


def test_stop_ends_a_step_whose_midwatch_is_dead(desk: Desk) -> None:
    desk.steps("{ echo $$ > pid; sleep 60; }")
    process, run_id = desk.begin("--yes", "change")
    pid = int(desk.until("pid"))
    desk.kill(process)

    stopped = desk.midwatch("stop", run_id)

    assert (stopped.code, gone(pid)) == (0, True), stopped.errors
    assert "stopped" in desk.midwatch("runs").output


def test_of_two_who_resume_one_run_one_is_turned_away(desk: Desk) -> None:
    desk.steps("{ echo $$ > pid; for i in {1..600}; do test -e go && break; sleep 0.05; done; }")
    process, run_id = desk.begin("--yes", "change")
    desk.until("pid")

    second = desk.midwatch("resume", run_id)
    (desk.folder / "go").touch()

    assert second.code == 1
    assert f"Run {run_id} is being carried out by process" in second.errors
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_an_endless_read_is_shown_for_its_window_and_counted_as_read(desk: Desk) -> None:
    desk.write("[limits]\nendless = 0.5\n", "midwatch.toml")
    (desk.folder / "log").write_text("line\n")
    desk.steps("tail -f log", "echo after")

    ended = desk.run("--json")

    assert ended.code == 0, ended.output + ended.errors
    assert [(each["verdict"], each["tail"]) for each in ended.finished()] == [
        ("window", "line\n"),
        ("ok", "after\n"),
    ]


def test_an_answer_that_is_not_zero_is_no_failure(desk: Desk) -> None:
    (desk.folder / "log").write_text("quiet\n")
    desk.steps("grep ERROR log", "echo after")

    ended = desk.run("--json")

    assert ended.code == 0, ended.output + ended.errors
    assert ended.finished()[0]["verdict"] == "fine"


def test_a_failure_ends_an_unattended_run(desk: Desk) -> None:
    desk.steps("ls nowhere", "echo after")

    ended = desk.run("--json")

    assert ended.code == 1
    assert ended.events[-1]["outcome"] == "failed"
    assert [each["exit"] for each in ended.finished()] == [2]


def test_a_failed_run_is_taken_up_at_the_step_that_failed(desk: Desk) -> None:
    desk.steps("echo one >> count", "cat later", "echo two >> count")
    first = desk.run("--yes", "change")
    (desk.folder / "later").write_text("now\n")

    ended = desk.midwatch("resume", first.run_id, "--failed", "retry", "--yes", "change")

    assert (first.code, ended.code) == (1, 0), ended.output + ended.errors
    assert (desk.folder / "count").read_text() == "one\ntwo\n"


def test_unattended_a_change_waits_for_a_person(desk: Desk) -> None:
    desk.steps("echo look", "touch changed")

    ended = desk.run()
    resumed = desk.midwatch("resume", ended.run_id, "--yes", "change")

    assert ended.code == 4
    assert resumed.code == 0
    assert (desk.folder / "changed").exists()


def test_yes_read_lets_nothing_change(desk: Desk) -> None:
    desk.steps("echo look", "touch changed")

    assert desk.run("--yes", "read").code == 4
    assert not (desk.folder / "changed").exists()


def test_no_flag_covers_destruction(desk: Desk) -> None:
    (desk.folder / "data").mkdir()
    desk.steps("rm -rf data")

    assert desk.run("--yes", "change").code == 4
    assert (desk.folder / "data").exists()


def test_a_dry_run_carries_nothing_out_and_records_nothing(desk: Desk) -> None:
    desk.steps("touch changed")

    ended = desk.run("--dry-run", "--yes", "change")

    assert ended.code == 0
    assert "touch changed" in ended.output
    assert not (desk.folder / "changed").exists()
    assert "No runs yet" in desk.midwatch("runs").output
