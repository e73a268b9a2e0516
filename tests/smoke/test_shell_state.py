"""Steps share their state as pasted text would, and nothing is changed for the author."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from midwatch.engine import local_world
from midwatch.plugs.steps import driver, shell, shell_state
from midwatch.runs import model

Carry = Callable[..., list[tuple[int, str]]]


@pytest.fixture(params=["watched", "alone"])
def carry(tmp_path: Path, request: pytest.FixtureRequest) -> Carry:
    """Carry texts out one after the other; the exit code and the output of each."""

    def carried(*texts: str) -> list[tuple[int, str]]:
        environment = {name: os.environ[name] for name in ("PATH", "HOME")} | {"GIVEN": "given"}
        plan = model.Plan("r.md", "d", "p", "P", "local", (), str(tmp_path))
        (tmp_path / ".files").mkdir()
        before, found = local_world.first_state(plan), []
        for number, text in enumerate(texts):
            attempt = shell.Attempt(tmp_path / ".files", f"step-{number}", f"test/{number}")
            script = shell.Script(text, before, environment, watched=request.param == "watched")
            shell.prepare(attempt, script)
            ended = shell.wait(shell.start(attempt, script), lambda: True)
            assert isinstance(ended, shell.Ended)
            printed = attempt.output.read_text(encoding="utf-8")
            found.append((ended.exit, printed))
            dump = shell.dump(attempt)
            known = shell_state.Known(environment, {})
            before = shell_state.of(dump, known, str).text if dump else before
        return found

    return carried


CARRIED = [
    pytest.param("X='a  b'", 'echo "$X"', "a  b\n", id="a variable"),
    pytest.param("export X=1", "bash -c 'echo $X'", "1\n", id="an export"),
    pytest.param(
        "X=$'line\\n\"two\" $HOME `id`'", 'echo "$X"', 'line\n"two" $HOME `id`\n', id="signs"
    ),
    pytest.param('A=(1 "b c")', 'echo "${#A[@]} ${A[1]}"', "2 b c\n", id="an array"),
    pytest.param("declare -A M=([k]=v)", 'echo "${M[k]}"', "v\n", id="a map"),
    pytest.param('f() { echo in f "$1"; }', "f x", "in f x\n", id="a function"),
    pytest.param("f() { echo f; }; export -f f", "bash -c f", "f\n", id="an exported function"),
    pytest.param("cd /usr", "pwd", "/usr\n", id="the folder"),
    pytest.param("cd /usr; cd /", "cd -", "/usr\n", id="the folder before"),
    pytest.param("set -u", "echo ${NOT_SET-no} $-", "no huBc\n", id="an option"),
    pytest.param("shopt -s nullglob", "echo x/*none", "\n", id="a shell option"),
    pytest.param("umask 027", "umask", "0027\n", id="the mask"),
    pytest.param("readonly R=1", "echo $R", "1\n", id="a constant"),
    pytest.param("unset HOME", 'echo "${HOME-gone}"', "gone\n", id="an unset variable"),
    pytest.param("shopt -s expand_aliases; alias hi='echo hi'", "hi", "hi\n", id="an alias"),
    pytest.param("declare -i N=3; N+=4", "echo $N", "7\n", id="a number"),
    pytest.param("trap 'echo usr' USR1", "kill -USR1 $$; echo on", "usr\non\n", id="a trap"),
    pytest.param("set -- a b", 'echo "${X:-none} $#"', "none 0\n", id="no arguments of ours"),
    pytest.param("true", 'set | grep -c "^__midwatch" || true', "0\n", id="no variables of ours"),
    pytest.param("true", "echo $-", "hBc\n", id="bash's own options"),
]


@pytest.mark.parametrize(("first", "second", "printed"), CARRIED)
def test_state_goes_from_step_to_step(carry: Carry, first: str, second: str, printed: str) -> None:
    assert carry(first, second)[-1] == (0, printed)


def test_what_is_not_changed_is_not_kept(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "GIVEN": 'it\'s "given"'}
    attempt = shell.Attempt(tmp_path, "step", "test/1")
    script = shell.Script("true", f"cd {tmp_path}\nunset -v OLDPWD\n", environment)
    shell.prepare(attempt, script)
    shell.wait(shell.start(attempt, script), lambda: True)

    dump = shell.dump(attempt)

    assert dump is not None
    kept = shell_state.of(dump, shell_state.Known(environment, {}), str)
    assert kept.text == f"umask 0022\ncd -- {tmp_path} || exit 212\n:\n"


def test_a_state_too_long_for_the_environment_is_carried_too(carry: Carry) -> None:
    found = carry("X=$(printf '%0200000d' 7)", "echo ${#X}", "echo ${X: -1}")

    assert [printed for _, printed in found] == ["", "200000\n", "7\n"]


def test_exit_ends_the_step_and_not_the_run(carry: Carry) -> None:
    assert carry("X=1", "X=2; exit 3", "echo $X") == [(0, ""), (3, ""), (0, "1\n")]


def test_errexit_of_the_author_ends_the_step_where_it_fails(carry: Carry) -> None:
    assert carry("set -e", "false; echo not here")[-1] == (1, "")


def test_nothing_fails_that_would_go_on_when_pasted(carry: Carry) -> None:
    assert carry("false; echo here", "false | true; echo $?") == [(0, "here\n"), (0, "0\n")]


def test_a_background_job_goes_on_after_its_step(carry: Carry) -> None:
    found = carry("{ sleep 0.2; echo late > late; } & echo early", "sleep 0.5; cat late")

    assert found == [(0, "early\n"), (0, "late\n")]


def test_a_step_that_reads_the_keyboard_does_not_hang(carry: Carry) -> None:
    assert carry("cat; read -p '? ' X; echo done") == [(0, "done\n")]


def test_a_folder_that_is_gone_stops_the_next_step(carry: Carry) -> None:
    found = carry("mkdir here; cd here; rmdir ../here", "touch x")

    assert found[-1] == (driver.LOST_FOLDER, "")


def test_tracing_shows_the_authors_lines_and_none_of_ours(carry: Carry) -> None:
    assert carry("set -x", "echo hi")[-1] == (0, "++ echo hi\nhi\n")


@pytest.mark.parametrize(
    ("trap", "then", "printed"),
    [
        pytest.param("trap 'echo did' DEBUG", "echo a; echo b", "did\na\ndid\nb\n", id="DEBUG"),
        pytest.param("trap 'echo bad' ERR", "false; echo on", "bad\non\n", id="ERR"),
        pytest.param(
            "trap 'echo bad' ERR", "f() { false; }; f; true", "bad\n", id="ERR of a function"
        ),
        pytest.param("trap 'echo back' RETURN", "f() { :; }; f; echo on", "on\n", id="RETURN"),
        pytest.param(
            "set -T; trap 'echo back' RETURN", "f() { :; }; f", "back\n", id="RETURN of a function"
        ),
        pytest.param("trap 'echo bye' EXIT", "echo on", "on\n", id="EXIT waits"),
        pytest.param("trap 'echo bye >&2' EXIT", "echo on; exit 0", "on\nbye\n", id="EXIT"),
        pytest.param(
            "trap 'echo \"it'\\''s\"; \necho did' DEBUG", "echo a", "it's\ndid\na\n", id="lines"
        ),
        pytest.param("trap '' USR1", "kill -USR1 $$; echo on", "on\n", id="a signal not heard"),
        pytest.param("set -v", "echo hi", "echo hi\nhi\n", id="verbose"),
        pytest.param(
            "set -x; trap 'echo did' DEBUG", "X=1", "+++ echo did\ndid\n++ X=1\n", id="both"
        ),
    ],
)
def test_a_trap_acts_as_it_would_when_pasted(
    carry: Carry, trap: str, then: str, printed: str
) -> None:
    assert carry(trap, then)[-1][1] == printed


def test_a_trap_acts_in_its_own_step(carry: Carry) -> None:
    found = carry(
        "trap 'echo bad' ERR\nfalse\necho on", "trap - ERR; trap 'echo did' DEBUG; echo a"
    )

    assert found == [(0, "bad\non\n"), (0, "did\na\n")]


def test_messages_count_the_authors_lines(carry: Carry) -> None:
    assert carry("true\nnonesuch") == [(127, "bash: line 2: nonesuch: command not found\n")]


def test_a_text_too_long_for_the_environment_runs_too(carry: Carry) -> None:
    found = carry("X=1", f"echo {'7' * 150_000} | wc -c; echo $X; cat <<EOF\nin\nEOF")

    assert found[-1] == (0, "150001\n1\nin\n")


def test_output_keeps_the_order_of_a_terminal(carry: Carry) -> None:
    text = "echo 1; echo 2 >&2; echo 3; printf 4"

    assert carry(text) == [(0, "1\n2\n3\n4")]


def test_a_large_environment_of_functions_comes_through(carry: Carry) -> None:
    text = "\n".join(
        f"f{n}() {{ case $1 in a) echo {n};; *) cat <<EOF\nx\nEOF\n;; esac; }}" for n in range(50)
    )

    assert carry(text, "f49 a; f3")[-1] == (0, "49\nx\n")
