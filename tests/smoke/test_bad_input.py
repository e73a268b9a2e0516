"""Whatever is wrong gets one clear sentence, a documented exit code, and no traceback."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

Desk = Any
RUNBOOK = """# Work

## Mend it

```bash
kubectl delete pod <pod-name> -n shop
```

## Twice

```bash
true
```

## Other

### Twice

```bash
true
```
"""
CASES = [
    (["nowhere.md#x"], 2, "nowhere.md does not exist."),
    (["RUNBOK.md#x"], 2, "Did you mean RUNBOOK.md?"),
    (["folder#x"], 2, "folder is a folder, no runbook."),
    (["empty.md#x"], 2, "empty.md is empty."),
    (["binary.md#x"], 2, "binary.md is a binary file, no Markdown."),
    (["large.md#x"], 2, "large.md is larger than 20 MB"),
    (["prose.md#x"], 2, "prose.md holds no procedure"),
    (["RUNBOOK.md"], 2, "Which procedure of RUNBOOK.md?"),
    (["#mend-it"], 2, "Which runbook?"),
    (["RUNBOOK.md#mend"], 2, "Did you mean mend-it?"),
    (["RUNBOOK.md#Twice"], 2, "“Twice” fits 2 procedures of RUNBOOK.md."),
    (["RUNBOOK.md#mend-it", "--target", "prod"], 2, "There is no target “prod”"),
    (["RUNBOOK.md#mend-it"], 4, "--set pod-name="),
    (["RUNBOOK.md#mend-it", "--set", "pod-name"], 2, "gives no value"),
    (["RUNBOOK.md#mend-it", "--set", "pod-nam=x"], 2, "Did you mean pod-name?"),
    (["RUNBOOK.md#mend-it", "--set", "pod-name=a b"], 2, "it is not the name of a pod"),
    (["RUNBOOK.md#mend-it", "--set", "pod-name=-A"], 2, "it is not the name of a pod"),
    (["RUNBOOK.md#mend-it", "--yes", "destroy"], 2, "--yes takes read or change"),
]


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.write(RUNBOOK)
    (desk.folder / "folder").mkdir()
    (desk.folder / "empty.md").write_bytes(b"\n")
    (desk.folder / "binary.md").write_bytes(b"\x7fELF\0\0\0")
    (desk.folder / "prose.md").write_text("# Title\n\nOnly prose here.\n")
    with (desk.folder / "large.md").open("wb") as file:
        file.truncate(50_000_000)
    return desk


@pytest.mark.parametrize(("arguments", "code", "said"), CASES)
def test_a_wrong_request_is_told_in_a_sentence(
    full: Desk, arguments: list[str], code: int, said: str
) -> None:
    ended = full.midwatch("run", *arguments)

    assert ended.code == code, ended.output + ended.errors
    assert said in ended.errors
    assert "Traceback" not in ended.errors
    assert ended.errors.count("\n") <= 2


def test_invalid_characters_and_unclosed_fences_are_read_all_the_same(desk: Desk) -> None:
    path = desk.folder / "RUNBOOK.md"
    path.write_bytes(b"# W\xff\xfe\n\n## Mend it\n\n```bash\necho h\xc3\xa9 caf\xe9\n")

    ended = desk.run("--json")

    assert ended.code == 0, ended.output + ended.errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("targets = [", "is no TOML"),
        ("[targets.prod]\nfoo = 1\n", "“foo” in [targets.prod]"),
        ("[[policy]]\ndecision = 'maybe'\n", "'maybe'"),
        ("[targets.a]\n[targets.b]\n", "has 2 targets: which one?"),
    ],
)
def test_a_wrong_midwatch_toml_is_told_in_a_sentence(desk: Desk, text: str, said: str) -> None:
    desk.steps("true")
    desk.write(text, "midwatch.toml")

    ended = desk.run()

    assert (ended.code, "Traceback" in ended.errors) == (2, False)
    assert said in ended.errors


def test_a_damaged_journal_is_named_and_left_alone(desk: Desk) -> None:
    state = Path(desk.environment["MIDWATCH_STATE"])
    state.mkdir()
    (state / "midwatch.db").write_bytes(b"this is no database" * 100)
    desk.steps("true")

    ended = desk.run()

    assert ended.code == 1
    assert f"The journal {state / 'midwatch.db'} is damaged." in ended.errors
    assert (state / "midwatch.db").read_bytes().startswith(b"this is no database")


def test_a_locked_journal_is_named(desk: Desk) -> None:
    state = Path(desk.environment["MIDWATCH_STATE"])
    desk.steps("true")
    assert desk.run().code == 0
    holder = sqlite3.connect(state / "midwatch.db", isolation_level=None)
    holder.execute("begin exclusive")

    ended = desk.run()
    holder.execute("rollback")
    holder.close()

    assert ended.code == 1
    assert "is locked by another process" in ended.errors


def test_a_state_folder_that_cannot_be_made_is_named(desk: Desk) -> None:
    desk.steps("true")
    (desk.folder / "file").write_text("")

    ended = desk.run(MIDWATCH_STATE=str(desk.folder / "file" / "state"))

    assert ended.code == 1
    assert "cannot be made" in ended.errors


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_an_output_that_is_full_is_no_traceback(desk: Desk) -> None:
    desk.steps("echo one >> count", "echo two >> count")

    with Path("/dev/full").open("w") as full:
        process = desk.start_into(full, "run", "RUNBOOK.md#mend-it", "--yes", "change")
        _, errors = process.communicate(timeout=30)

    assert "Traceback" not in errors
    assert process.returncode in {1, 130}


@pytest.mark.parametrize("command", ["resume", "stop", "transcript"])
def test_an_unknown_run_is_told(desk: Desk, command: str) -> None:
    ended = desk.midwatch(command, "1122-0000-none")

    assert ended.code == 2
    assert "There is no run “1122-0000-none”" in ended.errors
