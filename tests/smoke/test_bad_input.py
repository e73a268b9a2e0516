"""Bad input gets one clear sentence, the documented exit code, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MIDWATCH = Path(sys.executable).with_name("midwatch")
RUNBOOK = "# Web\n\n## Restart\n\n```bash\nsystemctl restart web\n```\n"


def midwatch(*words: str, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cwd / "cache"), "NO_COLOR": "1"}
    environment.pop("COLUMNS", None)
    done = subprocess.run(
        [MIDWATCH, *words], cwd=cwd, env=environment, input=given, capture_output=True, check=False
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "RUNBOOK.md").write_text(RUNBOOK)
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "binary.md").write_bytes(b"\0\1\2" * 1000)
    with (tmp_path / "huge.md").open("wb") as huge:
        huge.truncate(50_000_000)
    (tmp_path / "nothing").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "sentence", "hint"),
    [
        ("RUNBOK.md", "RUNBOK.md does not exist.", "Did you mean RUNBOOK.md?"),
        ("empty.md", "empty.md is empty.", "Name a runbook that has something in it."),
        ("binary.md", "binary.md is a binary file, no Markdown.", "Name the Markdown file"),
        ("huge.md", "huge.md is larger than 20 MB: that is no runbook.", "Split it"),
        ("nothing", "nothing holds no Markdown file.", "Name the folder"),
    ],
)
def test_a_file_that_is_no_runbook_is_named_with_the_next_step(
    folder: Path, name: str, sentence: str, hint: str
) -> None:
    told = midwatch("show", name, cwd=folder)

    assert told.returncode == 2
    assert told.stderr.splitlines()[0] == f"midwatch: {sentence}"
    assert hint in told.stderr.splitlines()[1]


def test_invalid_utf_8_and_unclosed_fences_are_read_all_the_same(folder: Path) -> None:
    (folder / "odd.md").write_bytes(b"# Odd \xff\n\n```bash\nls -la\n")

    told = midwatch("show", "--json", "odd.md", cwd=folder)

    assert told.returncode == 0
    steps = json.loads(told.stdout)["runbooks"][0]["procedures"][0]["steps"]
    assert [step["text"] for step in steps] == ["ls -la"]


def test_a_procedure_that_is_not_there_is_answered_by_those_that_are(folder: Path) -> None:
    told = midwatch("show", "RUNBOOK.md", "-p", "restrt", cwd=folder)

    assert told.returncode == 2
    assert "restart" in told.stderr


def test_explain_wants_a_command_or_a_stream(folder: Path) -> None:
    told = midwatch("explain", cwd=folder)

    assert told.returncode == 2
    assert told.stderr.splitlines()[0] == (
        "midwatch: explain takes one COMMAND, or --stdin for many, and not both."
    )


def test_a_stream_with_a_broken_json_string_names_its_line(folder: Path) -> None:
    told = midwatch("explain", "--json", "--stdin", cwd=folder, given=b'ls\n"kubectl get\n')

    assert told.returncode == 2
    assert told.stderr.startswith("midwatch: Line 2 of standard input begins like a JSON string")


@pytest.mark.parametrize(
    ("command", "effect"),
    [("", "read"), ("rm -rf 'unclosed", "unknown"), ("nosuchtool --go", "unknown")],
)
def test_what_cannot_be_read_is_never_called_a_read(
    folder: Path, command: str, effect: str
) -> None:
    given = json.dumps(command).encode() + b"\n"

    told = midwatch("explain", "--json", "--stdin", cwd=folder, given=given)

    assert told.returncode == 0
    assert json.loads(told.stdout)["effect"] == effect


def test_an_unknown_tool_says_how_to_teach_it(folder: Path) -> None:
    told = midwatch("explain", "nosuchtool --go", cwd=folder)

    assert ".midwatch/knowledge/nosuchtool.toml" in told.stdout


def test_a_wrong_key_in_own_knowledge_is_named(folder: Path) -> None:
    own = folder / ".midwatch" / "knowledge"
    own.mkdir(parents=True)
    (own / "webctl.toml").write_text('tool = "webctl"\nefect = "read"\n')

    told = midwatch("knowledge", "check", cwd=folder)

    assert told.returncode == 1
    assert "webctl.toml: nothing is called `efect`; did you mean `effect`?" in told.stdout


def test_an_example_that_does_not_hold_is_named(folder: Path) -> None:
    own = folder / ".midwatch" / "knowledge"
    own.mkdir(parents=True)
    (own / "webctl.toml").write_text(
        'tool = "webctl"\neffect = "read"\nexamples = "change | webctl stop"\n'
    )

    told = midwatch("knowledge", "check", cwd=folder)

    assert told.returncode == 1
    assert "`webctl stop` should be change, and is read" in told.stdout


def test_a_full_disk_is_a_sentence(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [MIDWATCH, "show", "--json", "RUNBOOK.md"],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr == "midwatch: the output: no space left on device; try again\n"


def test_a_reader_that_goes_away_is_no_crash(folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{MIDWATCH} show --json RUNBOOK.md | true"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Traceback" not in done.stderr
