"""What a run changed is taken back in reverse, under guard, as a run of its own."""

from __future__ import annotations

import stat
from typing import Any

import pytest

Desk = Any
FAKE = """\
#!/bin/sh
echo "${0##*/} $*" >>"$LOG"
"""


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
