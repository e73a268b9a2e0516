"""At a failed step a person can look around in a shell, or leave the run to somebody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

Desk = Any
Terminal = Any
Terminals = Any
ASKED = "/o/h/a/q]: "
READY = "local "
"""Of the shell's prompt, what stands before the folder."""
CANARY = "canary-7f3a91c5-value"


def run(terminals: Terminals, desk: Desk, *arguments: str, **environment: str) -> Terminal:
    return terminals.open(desk, "run", "RUNBOOK.md#mend-it", *arguments, **environment)


def latest(desk: Desk) -> str:
    return str(desk.midwatch("runs").run_id)


def in_shell(terminal: Terminal, *lines: str) -> None:
    """Open a shell, type these lines, and leave it."""
    terminal.until(ASKED)
    terminal.type("o\n")
    for line in (*lines, "exit"):
        terminal.until(READY)
        terminal.until("# " if os.geteuid() == 0 else "$ ")
        terminal.type(f"{line}\n")


def test_a_shell_has_the_runs_variables_functions_and_folder(
    desk: Desk, terminals: Terminals
) -> None:
    (desk.folder / "in").mkdir()
    desk.steps("NAME=ada; cd in", "hello() { echo hello $1; }", "cat nowhere")
    terminal = run(terminals, desk, "--yes", "change")

    in_shell(terminal, "hello $NAME >told; pwd >>told")
    terminal.until(ASKED)
    terminal.type("a\n")
    terminal.until("Why? ")
    terminal.type("seen enough\n")

    assert terminal.end() == 1
    assert (desk.folder / "in" / "told").read_text() == f"hello ada\n{desk.folder / 'in'}\n"


def test_what_was_changed_in_a_shell_counts_after_a_yes(desk: Desk, terminals: Terminals) -> None:
    desk.steps("NAME=ada; OLD=1", 'test "$NAME" = ben', 'echo "$NAME ${OLD-none} $PWD"; f')
    terminal = run(terminals, desk, "--yes", "change")

    in_shell(terminal, "NAME=ben", "unset OLD", "f() { echo in f; }", "cd /usr")
    terminal.until("In the shell you changed: folder, function f, NAME, OLD.")
    terminal.until("Does the run go on with that? [y]es, [n]o, [q]uit: ")
    terminal.type("y\n")
    terminal.until(ASKED)
    terminal.type("r\n")
    terminal.until("ben none /usr\n")
    terminal.until("in f\n")

    assert terminal.end() == 0


def test_what_was_changed_in_a_shell_stays_there_after_a_no(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("NAME=ada", "cat later", "echo $NAME >told")
    terminal = run(terminals, desk, "--yes", "change")

    in_shell(terminal, "NAME=ben", "touch later")
    terminal.until("Does the run go on with that? ")
    terminal.type("n\n")
    terminal.until(ASKED)
    terminal.type("r\n")

    assert terminal.end() == 0
    assert (desk.folder / "told").read_text() == "ada\n"


def test_the_authors_options_and_traps_do_not_end_a_persons_shell(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("trap 'echo bye >>log' EXIT", "trap 'echo bad >>log' ERR", "set -e", "cat nowhere")
    terminal = run(terminals, desk, "--yes", "change")
    terminal.until(ASKED)
    log = (desk.folder / "log").read_text()

    terminal.type("o\n")
    for line in ("false", "echo alive", "exit"):
        terminal.until("# " if os.geteuid() == 0 else "$ ")
        terminal.type(f"{line}\n")
    terminal.until(ASKED)
    assert (desk.folder / "log").read_text() == log
    terminal.type("q\n")

    assert terminal.end() == 130


def test_all_that_was_done_in_a_shell_is_on_record_without_secrets(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("cat nowhere")
    terminal = run(terminals, desk, API_TOKEN=CANARY, MIDWATCH_ACTOR="ana")

    in_shell(terminal, "echo token $API_TOKEN", "printf 'can\\e[1mary-7f3a91c5-value\\n'")
    terminal.until(ASKED)
    terminal.type("q\n")
    terminal.end()

    told = desk.midwatch("transcript", latest(desk)).output
    assert "ana opened a shell at: Mend it" in told
    assert "echo token $API_TOKEN" in told
    assert "token ******" in told
    written = list(Path(desk.environment["MIDWATCH_STATE"]).rglob("*"))
    assert not [path for path in written if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert CANARY.encode() not in b"".join(
        path.read_bytes().replace(b"\x1b[1m", b"") for path in written if path.is_file()
    )
    assert desk.midwatch("bundle", latest(desk), "run.tar.gz").code == 0
    assert desk.midwatch("verify", "run.tar.gz").code == 0


def test_no_shell_is_offered_where_the_policy_wants_two_people(
    desk: Desk, terminals: Terminals
) -> None:
    desk.write('[[policy]]\ndecision = "ask"\neffect = "unknown"\napprovals = 2\n', "midwatch.toml")
    desk.steps("cat nowhere")
    terminal = run(terminals, desk)

    terminal.until("What now? [r/s/h/a/q]: ")
    terminal.type("q\n")

    assert terminal.end() == 130


def test_a_shell_whose_midwatch_was_killed_is_ended_and_asked_about(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("NAME=ada", "cat nowhere")
    terminal = run(terminals, desk)
    terminal.until(ASKED)
    terminal.type("o\n")
    terminal.until("# " if os.geteuid() == 0 else "$ ")
    terminal.type("NAME=ben; echo $$ >pid\n")
    pid = int(desk.until("pid"))
    terminal.process.kill()
    terminal.process.wait()

    again = terminals.open(desk, "resume", latest(desk))
    again.until("the shell was left")
    again.until("In the shell you changed: NAME.")
    again.type("q\n")

    assert again.end() == 130
    assert not Path(f"/proc/{pid}").exists()


def test_a_run_that_is_handed_over_stands_still_until_somebody_else_takes_it_up(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("cat later")
    terminal = run(terminals, desk, MIDWATCH_ACTOR="ana")
    terminal.until(ASKED)
    terminal.type("h\n")
    terminal.until("What should the next person know? ")
    terminal.type("db-2 is full\n")
    assert terminal.end() == 4
    assert "handed over by ana: db-2 is full" in terminal.seen
    assert "waiting" in desk.midwatch("runs").output

    (desk.folder / "later").touch()
    other = terminals.open(desk, "resume", latest(desk), MIDWATCH_ACTOR="ben")
    other.until("Handed over by ana: db-2 is full")
    other.until(ASKED)
    other.type("r\n")

    assert other.end() == 0
    told = desk.midwatch("transcript", latest(desk)).output
    assert "handed over by ana: db-2 is full" in told
    assert "resumed by ben" in told
    assert "after the failure, retry (ben, at the terminal): Mend it" in told


def test_a_step_that_had_the_terminal_ends_with_it(desk: Desk, terminals: Terminals) -> None:
    program = desk.folder / "bin"
    program.mkdir()
    (program / "vi").write_text("#!/bin/sh\necho $$ >pid\necho here; read line\n")
    (program / "vi").chmod(stat.S_IRWXU)
    desk.environment["PATH"] = f"{program}:{desk.environment['PATH']}"
    desk.steps("vi text")
    terminal = run(terminals, desk, "--yes", "change")
    terminal.until("here\n")
    pid = int(desk.until("pid"))

    os.close(terminal.ours)
    terminal.ours = os.open(os.devnull, os.O_RDWR)

    assert terminal.process.wait(timeout=20) == 130
    assert not Path(f"/proc/{pid}").exists()
    assert (
        "in doubt: Mend it (its terminal went away)"
        in desk.midwatch("transcript", latest(desk)).output
    )
