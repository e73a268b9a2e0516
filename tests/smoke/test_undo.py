"""What a run changed is taken back in reverse, under guard, as a run of its own."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

Desk = Any
FAKE = """\
#!/bin/sh
case "$1 $2" in "get nothing") ;; get*) [ -e was ] && cat was; exit ;; esac
echo "${0##*/} $*" >>"$LOG"
case "$*" in *--replicas=*) echo "${*##*--replicas=}" >was ;; esac
"""
"""Writes down what it is asked to do; what it is asked for is in `was`."""


@pytest.fixture
def tools(desk: Desk) -> Desk:
    """`systemctl` and `kubectl` that only write down what they are asked."""
    folder = desk.folder.parent / "bin"
    folder.mkdir()
    for name in ("systemctl", "kubectl"):
        path = folder / name
        path.write_text(FAKE)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    desk.environment["PATH"] = f"{folder}:{desk.environment['PATH']}"
    desk.environment["LOG"] = str(desk.folder / "log")
    return desk


def log(desk: Desk) -> list[str]:
    return list((desk.folder / "log").read_text().splitlines())


def begun(output: str) -> str:
    """The run that began, where the output names another one first."""
    found = re.search(r"^Run (\S+)$", output, re.MULTILINE)
    assert found
    return found[1]


def test_changes_are_taken_back_the_last_one_first(tools: Desk) -> None:
    tools.steps("systemctl stop <unit>", "kubectl cordon <node>", "echo look")
    run_id = tools.run("--yes", "change", "--set", "unit=web", "--set", "node=n1").run_id

    ended = tools.midwatch("undo", run_id, "--yes", "change", "--json")

    assert ended.code == 0
    assert log(tools)[2:] == ["kubectl uncordon n1", "systemctl start web"]
    planned = ended.events[0]["plan"]
    assert planned["undoes"] == run_id
    assert ended.events[0]["run_id"] != run_id


def test_the_way_back_uses_the_variables_that_the_run_set(tools: Desk) -> None:
    tools.steps("UNIT=web", 'systemctl stop "$UNIT"')
    run_id = tools.run("--yes", "change").run_id

    assert tools.midwatch("undo", run_id, "--yes", "change").code == 0
    assert log(tools) == ["systemctl stop web", "systemctl start web"]


def test_the_way_back_is_guarded_like_any_other_run(tools: Desk) -> None:
    tools.steps("systemctl stop web")
    run_id = tools.run("--yes", "change").run_id

    ended = tools.midwatch("undo", run_id)

    assert ended.code == 4
    assert log(tools) == ["systemctl stop web"]


def test_the_preview_of_the_way_back_runs_nothing(tools: Desk) -> None:
    tools.steps("systemctl stop web")
    run_id = tools.run("--yes", "change").run_id

    ended = tools.midwatch("undo", run_id, "--dry-run")

    assert ended.code == 0
    assert "systemctl start web" in ended.output
    assert log(tools) == ["systemctl stop web"]


def test_a_sentence_is_never_run_as_a_command(tools: Desk) -> None:
    tools.steps("kubectl scale deployment/web --replicas=5")
    run_id = tools.run("--yes", "change").run_id

    ended = tools.midwatch("undo", run_id, "--yes", "change")

    assert ended.code == 4
    assert "with the replicas that ran before" in ended.output
    assert log(tools) == ["kubectl scale deployment/web --replicas=5"]


def test_the_runbooks_own_rollback_is_walked_where_no_command_is_known(tools: Desk) -> None:
    tools.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\n"
        "kubectl scale deployment/<name> --replicas=5\n```\n\n"
        "**Rollback:**\n\n```bash\nkubectl scale deployment/<name> --replicas=2\n```\n"
    )
    run_id = tools.run("--yes", "change", "--set", "name=web").run_id

    assert tools.midwatch("undo", run_id, "--yes", "change").code == 0
    assert log(tools)[1:] == ["kubectl scale deployment/web --replicas=2"]


def test_what_failed_or_only_reads_is_not_taken_back(tools: Desk) -> None:
    tools.steps("systemctl stop web", "kubectl cordon n1 && false")
    ended = tools.run("--yes", "change")
    assert ended.code == 1
    assert f"midwatch undo {ended.run_id}" in ended.output

    undone = tools.midwatch("undo", ended.run_id, "--yes", "change")

    assert undone.code == 0
    assert log(tools)[2:] == ["systemctl start web"]
    assert "what it did on the way is not taken back here" in undone.output


def test_a_run_that_changed_nothing_has_no_way_back(tools: Desk) -> None:
    tools.steps("echo look")
    run_id = tools.run().run_id

    ended = tools.midwatch("undo", run_id)

    assert ended.code == 0
    assert "changed nothing" in ended.errors


def test_a_failure_can_be_answered_with_undo(tools: Desk) -> None:
    tools.steps("systemctl stop web", "kubectl get nothing; false")
    run_id = tools.run("--yes", "change").run_id

    ended = tools.midwatch("resume", run_id, "--failed", "undo", "--yes", "change")

    assert ended.code == 1
    assert log(tools)[-1] == "systemctl start web"


def test_the_way_back_goes_to_what_was_recorded(tools: Desk) -> None:
    (tools.folder / "was").write_text("3\n")
    tools.steps("kubectl scale deployment/<name> --replicas=5 -n prod")
    ended = tools.run("--yes", "change", "--set", "name=web")
    assert "for the way back: 3 (kubectl get deployment/web -n prod" in ended.output

    shown = tools.midwatch("undo", ended.run_id, "--dry-run")
    assert "kubectl scale deployment/web -n prod --replicas=3" in shown.output
    assert tools.midwatch("undo", ended.run_id, "--yes", "change").code == 0

    assert (tools.folder / "was").read_text() == "3\n"


def test_what_was_there_before_the_first_change_counts(tools: Desk) -> None:
    (tools.folder / "was").write_text("3\n")
    tools.steps("kubectl scale deploy/web --replicas=0", "kubectl scale deploy/web --replicas=9")
    run_id = tools.run("--yes", "change").run_id

    assert tools.midwatch("undo", run_id, "--yes", "change").code == 0
    assert (tools.folder / "was").read_text() == "3\n"


def test_a_step_that_failed_half_way_goes_back_to_what_was_recorded(tools: Desk) -> None:
    (tools.folder / "was").write_text("3\n")
    tools.steps("kubectl scale deploy/web --replicas=0 && false")
    run_id = tools.run("--yes", "change").run_id

    undone = tools.midwatch("undo", run_id, "--yes", "change")

    assert undone.code == 0
    assert "is failed: what was recorded before it is put back" in undone.output
    assert (tools.folder / "was").read_text() == "3\n"


@pytest.mark.parametrize("printed", ["", "3 4\n", "$(touch bad)\n", "-1\n"])
def test_what_is_no_plain_word_goes_into_no_command(tools: Desk, printed: str) -> None:
    (tools.folder / "was").write_text(printed)
    tools.steps("kubectl scale deploy/web --replicas=5")
    run_id = tools.run("--yes", "change").run_id

    undone = tools.midwatch("undo", run_id, "--yes", "change")

    assert undone.code == 4
    assert "with the replicas that ran before" in undone.output


@pytest.mark.parametrize(
    "step", ["echo new >config", "echo new >>config", "sed -i s/old/new/ config", "cp new config"]
)
def test_a_file_that_is_written_over_is_put_back(tools: Desk, step: str) -> None:
    config = tools.folder / "config"
    config.write_text("old\nfile\n")
    config.chmod(0o640)
    (tools.folder / "new").write_text("new\n")
    tools.steps(step)
    run_id = tools.run("--yes", "change").run_id
    assert "new" in config.read_text()

    assert tools.midwatch("undo", run_id, "--yes", "change").code == 0

    assert config.read_text() == "old\nfile\n"
    assert stat.S_IMODE(config.stat().st_mode) == 0o640


def test_a_file_that_holds_a_secret_or_is_large_is_not_kept(tools: Desk) -> None:
    (tools.folder / "config").write_text("token hunter2-hunter2\n")
    (tools.folder / "large").write_bytes(b"x" * (5 << 20))
    tools.steps("echo new >config", "echo new >large")

    ended = tools.run("--yes", "change", API_TOKEN="hunter2-hunter2")  # noqa: S106  (for the test)

    assert "(cat config: it holds a secret)" in ended.output
    assert "(cat large: " in ended.output
    kept = list(Path(tools.environment["MIDWATCH_STATE"]).rglob("*.output"))
    assert all(path.stat().st_size < 1 << 20 for path in kept)


def test_a_change_that_was_not_verified_is_taken_back(tools: Desk) -> None:
    tools.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\n"
        "systemctl stop web  # Should output: done\n```\n"
    )
    ended = tools.run("--yes", "change")
    assert ended.code == 1

    assert tools.midwatch("undo", ended.run_id, "--yes", "change").code == 0
    assert log(tools) == ["systemctl stop web", "systemctl start web"]


def test_what_was_left_out_after_it_had_begun_is_named(tools: Desk) -> None:
    tools.steps("systemctl stop web", "kubectl cordon n1 && false")
    run_id = tools.run("--yes", "change").run_id
    assert tools.midwatch("resume", run_id, "--failed", "skip").code == 0

    shown = tools.midwatch("undo", run_id, "--dry-run")

    assert "was left out after it had begun" in shown.output


def test_only_the_way_that_was_taken_is_taken_back(tools: Desk) -> None:
    tools.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\n# Stop it\nsystemctl stop web\n"
        "\n# or: Cordon it\nkubectl cordon n1\n```\n\n```bash\n#!/bin/bash\n# work.sh\nexit\n"
        "```\n\n```bash\n./work.sh\n```\n"
    )
    run_id = tools.run("--yes", "change", "--choose", "cordon it").run_id

    undone = tools.midwatch("undo", run_id, "--dry-run", "--json")

    steps = json.loads(undone.output)["plan"]["steps"]
    assert [step["text"] for step in steps] == ["kubectl uncordon n1"]


def test_what_sudo_runs_is_taken_back_by_sudo(tools: Desk) -> None:
    sudo = tools.folder.parent / "bin" / "sudo"
    sudo.write_text('#!/bin/sh\necho sudo >>"$LOG"; exec "$@"\n')
    sudo.chmod(stat.S_IRWXU)
    tools.steps("sudo systemctl stop web")
    run_id = tools.run("--yes", "change").run_id

    assert tools.midwatch("undo", run_id, "--yes", "change").code == 0
    assert log(tools) == ["sudo", "systemctl stop web", "sudo", "systemctl start web"]


def test_a_run_that_was_taken_back_says_so_and_is_not_taken_back_twice(tools: Desk) -> None:
    tools.steps("systemctl stop web")
    run_id = tools.run("--yes", "change").run_id
    undo_id = begun(tools.midwatch("undo", run_id, "--yes", "change").output)

    again = tools.midwatch("undo", run_id, "--yes", "change")
    assert again.code == 4
    assert f"was taken back already, by run {undo_id}" in again.errors
    assert log(tools) == ["systemctl stop web", "systemctl start web"]

    listed = tools.midwatch("runs").output
    assert "succeeded, undone" in listed
    assert f"(undo of {run_id[-4:]})" in listed
    told = [json.loads(line) for line in tools.midwatch("runs", "--json").output.splitlines()]
    assert [each["undone_by"] for each in told] == [None, undo_id]
    assert f"taken back by run {undo_id}" in tools.midwatch("transcript", run_id).output
    assert tools.midwatch("undo", run_id, "--yes", "change", "--again").code == 0


def test_an_undo_that_waits_is_gone_on_with(tools: Desk) -> None:
    tools.steps("systemctl stop web")
    run_id = tools.run("--yes", "change").run_id
    undo_id = begun(tools.midwatch("undo", run_id).output)

    again = tools.midwatch("undo", run_id, "--yes", "change")

    assert again.code == 4
    assert f"midwatch resume {undo_id}" in again.errors
