"""`check --oracle`: real programs are asked for their help, and nothing else ever happens."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from midwatch.app import asked_programs, checked_documents
from midwatch.base import clock
from midwatch.checks import hearing, model, selection
from midwatch.plugs import oracle

Verdict = hearing.Verdict
SYSTEM = (*oracle.FOLDERS,)


def claim(tool: str, *words: str) -> model.Claim:
    return model.Claim(tool, words[:-1], words[-1])


def program(folder: Path, text: str, name: str = "kubectl") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bin"
    made.mkdir(mode=0o755)
    return made


def ask(folder: Path, seconds: float = 5.0) -> hearing.Answer | None:
    asker = oracle.Oracle(clock.SystemClock(), (str(folder), *SYSTEM), seconds=seconds)
    return asker.ask(hearing.Question("kubectl", ("get", "--help")))


@pytest.mark.parametrize(
    ("tool", "words", "expected"),
    [
        ("kubectl", ("rename",), Verdict.CONFIRMED),
        ("kubectl", ("rollout",), Verdict.WITHDRAWN),
        ("kubectl", ("get", "--namepsace"), Verdict.CONFIRMED),
        ("kubectl", ("get", "--selector"), Verdict.WITHDRAWN),
        ("docker", ("restarts",), Verdict.CONFIRMED),
        ("docker", ("restart",), Verdict.WITHDRAWN),
        ("docker", ("volume", "erase"), Verdict.CONFIRMED),
        ("docker", ("volume", "prune"), Verdict.WITHDRAWN),
        ("systemctl", ("restrat",), Verdict.CONFIRMED),
        ("systemctl", ("restart",), Verdict.WITHDRAWN),
        ("journalctl", ("--tail",), Verdict.CONFIRMED),
        ("pg_dump", ("--dbname",), Verdict.WITHDRAWN),
        ("pip", ("instal",), Verdict.CONFIRMED),
        ("git", ("psuh",), Verdict.CONFIRMED),
    ],
)
def test_a_real_program_confirms_or_withdraws(
    tool: str, words: tuple[str, ...], expected: Verdict
) -> None:
    asker = oracle.Oracle(clock.SystemClock())
    made = claim(tool, *words)
    question = hearing.question(made)
    assert question is not None
    answer = asker.ask(question)
    if answer is None:
        pytest.skip(f"{tool} is not on this machine, or does not answer")

    assert hearing.verdict(made, answer) is expected


@pytest.mark.parametrize(
    "words",
    [
        ("$(touch x)",),
        ("get;id", "pods"),
        ("get", "../../x"),
        ("--kubeconfig=/x", "get"),
        ("get", "POD"),
        ("a" * 3 + "\n",),
        ("",),
        ("-x", "y"),
    ],
)
def test_only_plain_words_are_ever_asked(words: tuple[str, ...]) -> None:
    assert hearing.question(claim("kubectl", *words)) is None


def test_only_programs_on_the_list_are_asked() -> None:
    assert hearing.question(claim("rm", "all")) is None
    assert hearing.question(claim("./kubectl", "rename")) is None
    asked = hearing.question(claim("git", "psuh"))
    assert asked == hearing.Question("git", ("psuh", "-h"))


def test_the_flag_itself_is_never_given_to_the_program() -> None:
    assert hearing.question(claim("kubectl", "delete", "--all")) == hearing.Question(
        "kubectl", ("delete", "--help")
    )


def test_a_program_that_others_can_change_is_not_asked(folder: Path) -> None:
    path = program(folder, "echo Usage: kubectl")
    assert ask(folder) is not None

    path.chmod(0o777)
    found = oracle.Oracle(clock.SystemClock(), (str(folder),)).find("kubectl")
    assert found is None
    path.chmod(0o755)
    folder.chmod(0o777)
    assert oracle.Oracle(clock.SystemClock(), (str(folder),)).find("kubectl") is None


def test_a_program_without_an_end_is_ended(folder: Path) -> None:
    program(folder, "while :; do echo more; done")
    assert ask(folder) is None

    program(folder, "sleep 60 & echo $! > /proc/$$/fd/1; sleep 60")
    begun = time.monotonic()
    assert ask(folder, seconds=0.5) is None
    assert time.monotonic() - begun < 10


def test_a_program_hears_nothing_of_your_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    monkeypatch.setenv("KUBECONFIG", "/home/me/.kube/config")
    program(folder, 'env; echo "stdin: $(cat)"; pwd; ls -A')

    answer = ask(folder)

    assert answer is not None
    assert "very-secret" not in answer.text
    assert "KUBECONFIG=/dev/null" in answer.text
    assert "stdin: \n" in answer.text
    assert str(Path.cwd()) not in answer.text


def test_a_program_has_no_network(folder: Path) -> None:
    if subprocess.run(["unshare", "-rn", "true"], check=False).returncode != 0:
        pytest.skip("this machine cannot take the network away")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        program(folder, f"(exec 3<>/dev/tcp/127.0.0.1/{port}) && echo reached || echo alone")

        answer = ask(folder)

        assert answer is not None
        assert "alone" in answer.text
        with pytest.raises(TimeoutError):
            server.accept()


def test_each_question_is_asked_once(folder: Path, tmp_path: Path) -> None:
    program(folder, f"echo asked >> {tmp_path}/count; echo Usage: kubectl get")
    asker = oracle.Oracle(clock.SystemClock(), (str(folder), *SYSTEM))

    for _ in range(3):
        asker.ask(hearing.Question("kubectl", ("get", "--help")))

    assert (tmp_path / "count").read_text() == "asked\n"


DOCUMENT = b"""# Parcel sorter

```bash
kubectl rename secret a b
kubectl get pods --namepsace parcels
```
"""


def test_findings_are_confirmed_or_withdrawn_and_others_stay() -> None:
    found = checked_documents.check_bytes("a.md", DOCUMENT, selection.Selection()).findings
    texts: dict[tuple[str, ...], hearing.Answer] = {
        ("rename", "--help"): hearing.Answer(1, 'Error: unknown command "rename" for "kubectl"'),
        ("get", "--help"): hearing.Answer(0, "Usage:\n  kubectl get\n --namepsace=x: y\n --all: z"),
    }

    heard = asked_programs.hear(found, lambda question: texts.get(question.words))

    assert (heard.confirmed, heard.withdrawn) == (1, 1)
    assert heard.programs == frozenset({"kubectl"})
    told = {finding.rule: finding.message for finding in heard.findings}
    assert told["command/unknown-subcommand"].endswith("The `kubectl` of this machine says so too.")
    assert "command/unknown-flag" not in told
    assert len(heard.findings) == len(found) - 1


HOSTILE = """# Everything that must not happen

```bash
kubectl $(touch was-here) --help
kubectl `touch was-here`
kubectl rename; touch was-here
touch-it now
./kubectl restarts
docker restarts --foo=$(touch was-here)
systemctl "restrat; touch was-here"
```
"""
WATCHED = """
import json, pathlib, sys
seen = []
def hook(event, arguments):
    if event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork"}:
        seen.append([str(each) for each in (arguments[1] or [])])
sys.addaudithook(hook)
from midwatch.app import asked_programs, checked_documents
from midwatch.base import clock
from midwatch.plugs import oracle
request = checked_documents.Request((pathlib.Path(sys.argv[1]),), keep=False)
findings = checked_documents.check(request).findings
asked_programs.hear(findings, oracle.Oracle(clock.SystemClock()).ask)
print(json.dumps(seen))
"""


def test_a_hostile_page_and_a_hostile_path_start_nothing_of_their_own(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("kubectl", "docker", "systemctl", "touch-it", "unshare"):
        program(folder, f"touch {tmp_path}/was-here", name)
    (tmp_path / "page.md").write_text(HOSTILE)
    shutil.copy(folder / "kubectl", tmp_path / "kubectl")

    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "page.md"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{folder}:.:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert not (tmp_path / "was-here").exists()
    started = [words for words in json.loads(done.stdout) if "shfmt" not in words[0]]
    for words in started:
        own = words[words.index("--") + 1 :] if "--" in words else words
        assert own[0].startswith(SYSTEM), words
        assert all(each.isascii() and each.replace("-", "").isalpha() for each in own[1:]) or (
            own == ["/bin/sh", "-c", "exit 0"]
        ), words
