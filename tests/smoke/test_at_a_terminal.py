"""A person at a terminal: asked before a change, hard before destruction, handed the keyboard."""

from __future__ import annotations

import os
import re
import signal
from typing import Any

Desk = Any
Terminal = Any
Terminals = Any


def run(terminals: Terminals, desk: Desk, *arguments: str) -> Terminal:
    return terminals.open(desk, "run", "RUNBOOK.md#mend-it", *arguments)


def test_a_change_runs_after_a_yes(desk: Desk, terminals: Terminals) -> None:
    desk.steps("echo look", "touch changed")
    terminal = run(terminals, desk)

    terminal.until("It changes local. Run it on local? [y]es, [s]kip, [q]uit: ")
    assert not (desk.folder / "changed").exists()
    terminal.type("y\n")

    assert terminal.end() == 0
    assert (desk.folder / "changed").exists()


def test_a_change_that_is_skipped_wants_a_reason_and_is_told(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("touch changed")
    terminal = run(terminals, desk)

    terminal.until("[q]uit: ")
    terminal.type("s\n")
    terminal.until("Why is it left out? ")
    terminal.type("not tonight\n")

    assert terminal.end() == 0
    assert "not tonight" in terminal.seen
    assert not (desk.folder / "changed").exists()


def test_destruction_wants_the_targets_name_typed(desk: Desk, terminals: Terminals) -> None:
    desk.write("[targets.production]\n", "midwatch.toml")
    (desk.folder / "data").mkdir()
    desk.steps("rm -rf data")
    terminal = run(terminals, desk, "--yes", "change")

    terminal.until("Type production to run it, or skip: ")
    terminal.type("yes\n")
    terminal.until("Type production to run it, or skip: ")
    assert (desk.folder / "data").exists()
    terminal.type("production\n")

    assert terminal.end() == 0
    assert not (desk.folder / "data").exists()


def test_leaving_at_a_question_is_resumable(desk: Desk, terminals: Terminals) -> None:
    desk.steps("echo look", "touch changed")
    terminal = run(terminals, desk)

    terminal.until("[q]uit: ")
    terminal.interrupt()

    assert terminal.end() == 130
    assert "Traceback" not in terminal.seen
    found = re.search(r"midwatch resume (\S+)", terminal.seen)
    assert found
    assert desk.midwatch("resume", found[1], "--yes", "change").code == 0


def test_a_missing_input_is_asked_for_until_it_fits(desk: Desk, terminals: Terminals) -> None:
    desk.steps("cat pod-<pod-name>")
    (desk.folder / "pod-worker-1").write_text("found it\n")
    terminal = run(terminals, desk)

    terminal.until("empty leaves it to a person): ")
    terminal.type("a b\n")
    terminal.until("It does not fit")
    terminal.until("empty leaves it to a person): ")
    terminal.type("worker-1\n")
    terminal.until("found it")

    assert terminal.end() == 0


def test_a_failure_is_asked_about(desk: Desk, terminals: Terminals) -> None:
    desk.steps("cat later", "echo after")
    terminal = run(terminals, desk)

    terminal.until("What now? [r/s/o/h/a/q]: ")
    (desk.folder / "later").write_text("now\n")
    terminal.type("r\n")
    terminal.until("after")

    assert terminal.end() == 0


def test_an_interactive_step_is_handed_the_terminal(desk: Desk, terminals: Terminals) -> None:
    (desk.folder / "text").write_text("first\nsecond\n")
    desk.steps("vi text")
    program = desk.folder / "bin"
    program.mkdir()
    (program / "vi").write_text(
        "#!/bin/bash\nread -p 'name? ' name </dev/tty; test -t 0 && echo \"hello $name\"\n"
    )
    (program / "vi").chmod(0o755)
    desk.environment["PATH"] = f"{program}:{desk.environment['PATH']}"
    terminal = run(terminals, desk, "--yes", "change")

    terminal.until("name? ")
    terminal.type("ada\r")
    terminal.until("hello ada")

    assert terminal.end() == 0


def test_an_interactive_step_is_refused_when_nobody_is_there(desk: Desk) -> None:
    desk.steps("vi text")

    ended = desk.run("--yes", "change")

    assert ended.code == 4
    assert "write the change as a command" in ended.output


def test_a_terminal_that_closes_leaves_the_run_to_be_resumed(
    desk: Desk, terminals: Terminals
) -> None:
    desk.steps("{ echo $$ > pid; sleep 1.5; echo once >> count; }")
    terminal = terminals.open(desk, "run", "RUNBOOK.md#mend-it", "--yes", "change")
    terminal.until("echo once")
    desk.until("pid")

    os.close(terminal.ours)
    terminal.ours = os.open(os.devnull, os.O_RDWR)
    os.killpg(terminal.process.pid, signal.SIGHUP)

    assert terminal.process.wait(timeout=20) == 130
    assert desk.until("count") == "once\n"


def test_a_second_person_is_awaited_and_says_yes_from_another_terminal(
    desk: Desk, terminals: Terminals
) -> None:
    desk.write('[[policy]]\ndecision = "ask"\neffect = "change"\napprovals = 2\n', "midwatch.toml")
    desk.steps("touch changed")
    desk.environment["MIDWATCH_ACTOR"] = "ana"
    terminal = run(terminals, desk)
    terminal.until("[q]uit: ")
    terminal.type("y\n")
    terminal.until("One more person must say yes: midwatch approve ")
    found = re.match(r"[0-9a-z-]+", terminal.seen)
    assert found is not None
    assert not (desk.folder / "changed").exists()

    desk.environment["MIDWATCH_ACTOR"] = "ben"
    other = terminals.open(desk, "approve", found[0])
    other.until("Say yes to it? [y]es, [n]o: ")
    other.type("y\n")

    assert other.end() == 0
    assert terminal.end() == 0
    assert (desk.folder / "changed").exists()
    assert "ben" in desk.midwatch("transcript", found[0]).output


def test_a_person_may_look_before_a_change_and_is_asked_again(
    desk: Desk, terminals: Terminals
) -> None:
    (desk.folder / "script.sh").write_text("echo hello\n")
    desk.steps("mode=700 file=script.sh", 'chmod "$mode" "$file"')
    terminal = run(terminals, desk)
    terminal.until("[y]es, [l]ook first, [s]kip, [q]uit: ")

    terminal.type("l\n")
    terminal.until("looked first (exit 0")
    terminal.until("-rw-")
    terminal.until("[y]es, [l]ook first, [s]kip, [q]uit: ")
    assert (desk.folder / "script.sh").stat().st_mode & 0o100 == 0
    terminal.type("y\n")

    assert terminal.end() == 0
    assert (desk.folder / "script.sh").stat().st_mode & 0o100


def test_what_destruction_takes_is_shown_before_the_name_is_typed(
    desk: Desk, terminals: Terminals
) -> None:
    (desk.folder / "data").mkdir()
    (desk.folder / "data" / "precious").touch()
    desk.steps("rm -rf <folder>")
    terminal = run(terminals, desk, "--set", "folder=data")

    terminal.until("precious")
    terminal.until("Type local to run it, or skip: ")
    terminal.type("local\n")

    assert terminal.end() == 0
    run_id = desk.midwatch("runs").run_id
    told = desk.midwatch("transcript", run_id).output
    assert "looked first (exit 0" in told
    assert "precious" in told


def test_a_look_shows_no_secret(desk: Desk, terminals: Terminals) -> None:
    (desk.folder / "data").mkdir()
    (desk.folder / "data" / "hunter2-hunter2").touch()
    desk.environment["API_TOKEN"] = "hunter2-hunter2"  # noqa: S105  (a value for the test)
    desk.steps("rm -rf data")
    terminal = run(terminals, desk)

    terminal.until("******")
    terminal.until("Type local to run it, or skip: ")
    terminal.type("skip\n")
    terminal.until("Why is it left out? ")
    terminal.type("not now\n")

    assert terminal.end() == 0
    told = desk.midwatch("transcript", desk.midwatch("runs").run_id).output
    assert "hunter2" not in terminal.seen + told


def test_nothing_is_looked_at_where_nobody_is_there(desk: Desk) -> None:
    (desk.folder / "script.sh").touch()
    desk.steps("chmod 700 script.sh")

    ended = desk.run("--yes", "change", "--json")

    assert ended.code == 0
    assert "looked" not in [event["kind"] for event in ended.events]


def test_what_cannot_be_told_is_asked_of_the_person(desk: Desk, terminals: Terminals) -> None:
    desk.write(
        "# Work\n\n## Mend it\n\n**Verification:**\n\n```bash\necho something\n```\n\n"
        "**Expected**: Consumers catch up within a few minutes\n"
    )
    terminal = run(terminals, desk)

    terminal.until("The runbook expects: Consumers catch up")
    terminal.until("Is it so? [y]es, [n]o, [q]uit: ")
    terminal.type("n\n")
    terminal.until("What now?")
    terminal.type("abort\n")
    terminal.until("Why? ")
    terminal.type("not well\n")

    assert terminal.end() == 1


def test_an_input_offers_the_values_there_are(desk: Desk, terminals: Terminals) -> None:
    folder = desk.folder / "bin"
    folder.mkdir()
    (folder / "kubectl").write_text(
        '#!/bin/sh\necho "$*" >>"$LOG"\n'
        'printf "NAME READY STATUS\\nweb-1 1/1 Running\\nweb-2 0/1 Error\\n"\n'
    )
    (folder / "kubectl").chmod(0o755)
    desk.environment["PATH"] = f"{folder}:{desk.environment['PATH']}"
    desk.environment["LOG"] = str(desk.folder / "log")
    desk.steps("kubectl logs <pod-name> -n prod")
    terminal = run(terminals, desk)

    terminal.until("From kubectl get pods -n prod:")
    terminal.until("2. web-2")
    terminal.until("empty leaves it to a person): ")
    terminal.type("2\n")

    assert terminal.end() == 0
    assert (desk.folder / "log").read_text() == "get pods -n prod\nlogs web-2 -n prod\n"


def test_an_input_without_a_list_is_asked_for_all_the_same(
    desk: Desk, terminals: Terminals
) -> None:
    folder = desk.folder / "bin"
    folder.mkdir()
    (folder / "kubectl").write_text("#!/bin/sh\n[ $1 = logs ]\n")
    (folder / "kubectl").chmod(0o755)
    desk.environment["PATH"] = f"{folder}:{desk.environment['PATH']}"
    desk.steps("kubectl logs <pod-name> -n prod")
    terminal = run(terminals, desk)

    terminal.until("empty leaves it to a person): ")
    assert "From kubectl" not in terminal.seen
    terminal.type("web-1\n")

    assert terminal.end() == 0


def test_undo_at_a_failure_shows_the_way_back_and_asks_for_it(
    desk: Desk, terminals: Terminals
) -> None:
    folder = desk.folder / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text('#!/bin/sh\necho "$*" >>"$LOG"\n')
    (folder / "systemctl").chmod(0o755)
    desk.environment["PATH"] = f"{folder}:{desk.environment['PATH']}"
    desk.environment["LOG"] = str(desk.folder / "log")
    desk.steps("systemctl stop web", "cat nowhere")
    terminal = run(terminals, desk, "--yes", "change")

    terminal.until("What now? ")
    terminal.type("u\n")
    terminal.until("Why? ")
    terminal.type("worse than before\n")
    terminal.until("Undo of Mend it")

    assert terminal.end() == 1
    assert (desk.folder / "log").read_text() == "stop web\nstart web\n"


def test_a_condition_is_asked_with_the_fact_beside_it(desk: Desk, terminals: Terminals) -> None:
    desk.write(
        "# Work\n\n## Mend it\n\n**Diagnosis:**\n\n```bash\n# Check the lag\necho lag 93s\n\n"
        "# Check the disk\necho disk fine\n```\n\n**Resolution:**\n\n```bash\n"
        "# If the lag persists\ntouch mended\n```\n"
    )
    terminal = run(terminals, desk, "--yes", "change")

    terminal.until("seen at step 1, Check the lag:")
    terminal.until("lag 93s")
    terminal.until("“If the lag persists”: is it so? [y]es, [n]o, [q]uit: ")
    terminal.type("n\n")

    assert terminal.end() == 0
    assert not (desk.folder / "mended").exists()


def test_of_several_ways_each_is_shown_with_what_it_does(desk: Desk, terminals: Terminals) -> None:
    desk.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\n# Restart one\ntouch one\n\n"
        "# or: Restart all\ntouch all\n```\n"
    )
    terminal = run(terminals, desk, "--yes", "change")

    terminal.until("1. Restart one")
    terminal.until("touch one")
    terminal.until("2. Restart all")
    terminal.until("touch all")
    terminal.until("Which one? [1], [2], [q]uit: ")
    terminal.type("2\n")

    assert terminal.end() == 0
    assert (desk.folder / "all").exists()
    assert not (desk.folder / "one").exists()
