"""`midwatch check` as people and programs call it."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer import testing

from midwatch.base import errors
from midwatch.faces.cli import check

FAULTY = """# Parcel sorter

## Restart

```bash
kubectl get psp
```
"""
CLEAN = "# Parcel sorter\n\nNothing to do.\n"


app = typer.Typer(pretty_exceptions_enable=False)
app.command()(check.check)


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    error: str


def midwatch(*arguments: str, given: str = "") -> Answer:
    done = testing.CliRunner().invoke(app, arguments, input=given)
    if isinstance(done.exception, errors.MidwatchError):
        told = f"{done.exception.message} {done.exception.hint}"
        return Answer(int(done.exception.exit), done.output, told)
    return Answer(done.exit_code, done.output, "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "sorter.md").write_text(FAULTY)
    (tmp_path / "clean.md").write_text(CLEAN)
    hidden = tmp_path / "node_modules"
    hidden.mkdir()
    (hidden / "readme.md").write_text(FAULTY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_findings_exit_1_and_a_clean_file_exits_0() -> None:
    assert midwatch("ops/sorter.md").code == 1
    assert midwatch("clean.md").code == 0


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_exits_2_and_is_named() -> None:
    missing = midwatch("ops/gone.md")

    assert missing.code == 2
    assert "ops/gone.md does not exist" in missing.error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "yaml", "clean.md"], "no format `yaml`"),
        (["--select", "safty", "clean.md"], "no rule `safty`"),
        (["--fail-on", "loud", "clean.md"], "`loud` is no severity"),
        (["--explain", "procedure/no-ownr"], "Did you mean `procedure/no-owner`?"),
        ([], "needs a PATH"),
        (["--baseline", "gone.json", "clean.md"], "gone.json does not exist"),
        (["--write", "clean.md"], "--write needs --fix"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_request_that_cannot_be_meant_exits_2_with_one_sentence(
    arguments: list[str], said: str
) -> None:
    answer = midwatch(*arguments)

    assert answer.code == 2
    assert said in answer.error


@pytest.mark.usefixtures("folder")
def test_a_folder_is_walked_without_hidden_and_installed_ones() -> None:
    found = json.loads(midwatch("--format", "json", ".").out)

    assert {finding["path"] for finding in found} == {"ops/sorter.md"}


@pytest.mark.usefixtures("folder")
def test_standard_input_is_checked_as_the_file_it_will_be() -> None:
    linked = "# A\n\nSee [gates](sorter.md#gates) and [restart](sorter.md#restart).\n"
    answer = midwatch("-", "--stdin-filename", "ops/new.md", "--format", "json", given=linked)
    found = [(each["path"], each["rule"]) for each in json.loads(answer.out)]

    assert ("ops/new.md", "procedure/dead-anchor") in found
    assert ("ops/new.md", "procedure/dead-link") not in found
    assert midwatch("-", given=FAULTY).code == 1
    assert midwatch("-", given=CLEAN).code == 0
    assert "standard input" in midwatch("-", "--fix", "--write", given=FAULTY).error


@pytest.mark.usefixtures("folder")
def test_a_link_is_looked_up_again_where_the_other_file_has_changed(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("# A\n\n[gates](clean.md#gates)\n")
    before = midwatch("index.md", "--select", "procedure/dead-anchor")
    (tmp_path / "clean.md").write_text(f"{CLEAN}\n## Gates\n\nOpen.\n")
    after = midwatch("index.md", "--select", "procedure/dead-anchor")

    assert "has the anchor `#gates`" in before.out
    assert "nothing to say" in after.out


def test_fail_on_and_the_teams_settings_decide_the_exit_code(folder: Path) -> None:
    (folder / "midwatch.toml").write_text('[check]\nseverity = {"manifest/removed-api" = "info"}\n')

    assert midwatch("ops").code == 0
    assert midwatch("--fail-on", "info", "ops").code == 1


def test_a_baseline_holds_back_old_findings_and_tells_new_ones(folder: Path) -> None:
    written = midwatch("--baseline", "known.json", "--write-baseline", "ops")
    assert written.code == 0

    assert midwatch("--baseline", "known.json", "ops").code == 0
    (folder / "ops" / "sorter.md").write_text(FAULTY.replace("psp", "podsecuritypolicies"))
    assert midwatch("--baseline", "known.json", "ops").code == 1


@pytest.mark.usefixtures("folder")
def test_explain_says_why_and_what_to_do() -> None:
    answer = midwatch("--explain", "removed-api")

    assert answer.code == 0
    assert answer.out.startswith("manifest/removed-api (error)\n")
    assert "Write:" in answer.out


def test_a_rule_file_is_held_against_the_runbooks(folder: Path) -> None:
    (folder / "alerts.yml").write_text(
        "groups:\n- name: a\n  rules:\n  - alert: BeltJammed\n    expr: belts_jammed > 3\n"
    )

    found = json.loads(midwatch("--rules", "alerts.yml", "--format", "json", "clean.md").out)

    assert [(f["rule"], f["path"], f["line"]) for f in found] == [
        ("alert/no-runbook", "alerts.yml", 4)
    ]


def test_many_files_give_the_same_findings_in_the_same_order_as_one_process(folder: Path) -> None:
    for number in range(30):
        (folder / "ops" / f"copy{number}.md").write_text(FAULTY)

    alone = midwatch("--jobs", "1", "--format", "json", "ops").out
    shared = midwatch("--jobs", "2", "--format", "json", "ops").out

    assert alone == shared
    assert len(json.loads(alone)) >= 31


@pytest.mark.usefixtures("folder")
def test_the_oracle_is_never_asked_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    answer = midwatch("--oracle", "clean.md")

    assert answer.code == 2
    assert "CI is set" in answer.error


MENDABLE = (
    b"\xef\xbb\xbf# Caf\xc3\xa9 \xe9\r\n\r\n```yaml\r\napiVersion: batch/v1beta1\r\n"
    b"kind: CronJob\r\nmetadata: {name: sorter}\r\n```\r\n\r\n\tkept as it is"
)
MENDED = MENDABLE.replace(b"batch/v1beta1", b"batch/v1")


def by_itself(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "midwatch", "check", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


def test_fix_prints_a_patch_that_git_applies_and_changes_nothing(folder: Path) -> None:
    document = folder / "ops" / "night shift.md"
    document.write_bytes(MENDABLE)

    printed = by_itself("--fix", "ops/night shift.md")

    assert document.read_bytes() == MENDABLE
    assert printed.returncode == 1
    assert b"1 of 2 findings fixed; the patch changes 1 file." in printed.stderr.splitlines()
    subprocess.run(["git", "apply"], input=printed.stdout, cwd=folder, check=True)
    assert document.read_bytes() == MENDED


def test_fix_with_write_changes_the_file_and_only_what_is_left_fails_the_check(
    folder: Path,
) -> None:
    document = folder / "ops" / "night shift.md"
    document.write_bytes(MENDABLE)
    document.chmod(0o640)

    written = by_itself("--fix", "--write", "ops/night shift.md")

    assert written.returncode == 0
    assert document.read_bytes() == MENDED
    assert document.stat().st_mode & 0o777 == 0o640
    assert by_itself("--fix", "--write", "ops").returncode == 1


def test_a_file_whose_name_is_no_text_is_checked_in_every_format(folder: Path) -> None:
    (folder / os.fsdecode(b"ops/\xff.md")).write_text(FAULTY)

    for format_ in ("text", "json", "sarif", "github", "junit"):
        assert midwatch("--format", format_, "ops").code == 1


WATCHED = """
import json, pathlib, sys
seen = []
WATCHED = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.startfile", "os.fork",
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}
OPENED = []
def hook(event, arguments):
    if event in WATCHED:
        seen.append([event, str(arguments[0])])
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        OPENED.append(str(arguments[0]))
sys.addaudithook(hook)
from midwatch.app import checked_documents
checked_documents.check(checked_documents.Request((pathlib.Path(sys.argv[1]),), keep=False))
print(json.dumps({"seen": seen, "opened": OPENED}))
"""
HOSTILE = """# Everything that must not happen

## Now

```bash
touch $(pwd)/was-here; curl http://127.0.0.1:9/$(id -u)
python3 -c 'open("was-here", "w")'
`touch was-here`
kubectl delete namespace production
```

```sql
DROP TABLE orders;
```

```yaml
!!python/object/apply:os.system ["touch was-here"]
```

[a link](http://127.0.0.1:9/x.md) and <!-- midwatch: ignore all --> more.
"""


def test_check_never_runs_anything_from_a_document(tmp_path: Path) -> None:
    (tmp_path / "hostile.md").write_text(HOSTILE)

    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path / "hostile.md")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    told = json.loads(done.stdout)
    started = {Path(program).name for event, program in told["seen"]}
    assert {event for event, _ in told["seen"]} <= {"subprocess.Popen", "os.posix_spawn", "os.fork"}
    assert started <= {"shfmt"}
    assert [name for name in told["opened"] if not name.isdigit()] == []
    assert not (tmp_path / "was-here").exists()
