"""A secret that a run comes by itself is masked from then on, and lies in one private file."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

Desk = Any
CANARY = "canary-8d1e55f0-value"
KEY = "-----BEGIN PRIVATE KEY-----\ncanaryAAAAAAAAAAAAAAAAAA\ncanaryBBBBBBBBBBBBBBBBBB\n-----END"
VAULT = '#!/bin/sh\ncat "$STORE"\n'


@pytest.fixture
def store(desk: Desk) -> Desk:
    """`vault` and `kubectl` that print what lies outside of the working folder."""
    folder = desk.folder.parent / "bin"
    folder.mkdir()
    for name in ("vault", "kubectl"):
        (folder / name).write_text(VAULT)
        (folder / name).chmod(stat.S_IRWXU)
    desk.environment["PATH"] = f"{folder}:{desk.environment['PATH']}"
    desk.environment["STORE"] = str(desk.folder.parent / "store")
    keep(desk, CANARY)
    return desk


def keep(desk: Desk, text: str) -> None:
    Path(desk.environment["STORE"]).write_text(f"{text}\n")


def state(desk: Desk) -> list[Path]:
    return [path for path in Path(desk.environment["MIDWATCH_STATE"]).rglob("*") if path.is_file()]


def holding(desk: Desk, *texts: str) -> list[str]:
    """The files that Midwatch wrote and one of these stands in."""
    found = []
    for path in state(desk):
        data = path.read_bytes()
        if any(text.encode() in data for text in texts):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            found.append(path.name)
    return found


FORMS = (CANARY, base64.b64encode(CANARY.encode()).decode().rstrip("="))


@pytest.mark.parametrize(
    "text",
    [
        "TOKEN=$(vault read -field=token secret/x)",
        "value=$(kubectl get secret x -o jsonpath='{.data.p}' | tr a a)",
        "export DB_PASSWORD=$(cat ../store)",
        "read -r ANY < <(vault read -field=token secret/x)",
        "declare -A M; M[k]=$(vault read -field=token secret/x)",
        ". ../settings",
    ],
)
def test_a_computed_secret_is_masked_in_every_step_after(store: Desk, text: str) -> None:
    (store.folder.parent / "settings").write_text(f"DB_PASSWORD={CANARY}\n")
    store.steps(text, "sed 's/^/all: /' ../store | tee copy", "cat copy && exit 3")

    ended = store.run("--yes", "change", "--json")
    told = store.midwatch("transcript", ended.run_id).output
    shown = ended.output + ended.errors + told

    assert ended.code == 1, shown
    assert [each["tail"] for each in ended.finished()][-2:] == ["all: ******\n"] * 2
    assert (store.folder / "copy").read_text() == f"all: {CANARY}\n"
    assert not [form for form in FORMS if form in shown]
    assert set(holding(store, *FORMS)) <= {"computed-secrets"}


def test_nothing_of_it_stays_when_the_run_has_succeeded(store: Desk) -> None:
    store.steps("TOKEN=$(vault read -field=token secret/x)", 'test -n "$TOKEN"')

    assert store.run().code == 0
    assert holding(store, *FORMS) == []


def test_a_step_that_prints_the_secret_it_just_got_is_shown_when_it_is_known(store: Desk) -> None:
    store.steps('{ TOKEN=$(vault read -field=token secret/x); echo "now $TOKEN"; sleep 0.2; }')

    ended = store.run()

    assert ended.code == 0
    assert "now ******" in ended.output
    assert CANARY not in ended.output


def test_what_only_prints_a_secret_is_neither_shown_nor_kept(store: Desk) -> None:
    store.steps(
        "vault read secret/x",
        '{ printf "it was "; cat ../store; base64 <../store; }',
        "cat nowhere",
    )

    ended = store.run("--yes", "change")
    told = store.midwatch("transcript", ended.run_id).output

    assert "****** (1 line with a secret, neither shown nor kept)" in ended.output
    assert "it was ******\n******\n" in told
    assert not [form for form in FORMS if form in ended.output + told]
    assert set(holding(store, *FORMS)) <= {"computed-secrets"}


def test_the_data_of_a_secret_is_masked_by_each_of_its_values(store: Desk) -> None:
    encoded = base64.b64encode(CANARY.encode()).decode()
    keep(store, f"kind: Secret\ndata:\n  password: {encoded}\n  user: YWxpY2U=\nmetadata: {{}}")
    store.steps("kubectl get secret x -o yaml", f"echo {CANARY[:6]}{CANARY[6:]} ; cat ../store")

    ended = store.run("--yes", "change")

    assert "password: ******" in ended.output
    assert "****** (5 lines with a secret, neither shown nor kept)" in ended.output


def test_a_key_of_several_lines_is_masked_by_each_of_them(store: Desk) -> None:
    keep(store, KEY)
    store.steps("KEY=$(vault read -field=key pki/x)", 'echo "$KEY" | tail -n 2; false')

    ended = store.run("--json")

    assert ended.finished()[1]["tail"] == "******\n-----END\n"
    assert set(holding(store, "canaryAAAA", "canaryBBBB")) <= {"computed-secrets"}


def test_it_survives_a_crash_and_is_masked_still(store: Desk) -> None:
    store.steps("TOKEN=$(vault read -field=token secret/x)", 'printf "%s" "$TOKEN" | tee copy')
    process, run_id = store.begin(MIDWATCH_FAILPOINT="after-result-commit@0")
    process.communicate(timeout=30)
    keep(store, "another")

    ended = store.midwatch("resume", run_id, "--yes", "change", "--json")

    assert ended.code == 0
    assert ended.finished()[-1]["tail"] == "******"
    assert (store.folder / "copy").read_text() == CANARY


def test_a_secret_that_is_gone_ends_the_run_before_it_does_harm(store: Desk) -> None:
    store.steps("TOKEN=$(vault read -field=token secret/x)", "touch changed")
    first = store.run()
    (kept,) = [path for path in state(store) if path.name == "computed-secrets"]
    kept.unlink()

    again = store.midwatch("resume", first.run_id, "--yes", "change")

    assert again.code == 3
    assert "TOKEN, a secret it computed" in again.errors
    assert not (store.folder / "changed").exists()


def test_a_secret_that_is_made_while_nobody_looks_on_is_not_lost(store: Desk) -> None:
    store.steps("vault write -f auth/creds/x", "cat ../store")

    ended = store.run("--yes", "change")

    assert ended.code == 0
    assert "with a secret, for you alone in " in ended.output
    assert CANARY not in ended.output
    assert holding(store, *FORMS) == ["step-001-1.secret"]


def test_no_title_of_a_process_holds_it(store: Desk) -> None:
    store.steps(
        "TOKEN=$(vault read -field=token secret/x)", "echo begun >begun; sleep 1; echo $TOKEN"
    )
    process, _ = store.begin("--yes", "change")
    store.until("begun")
    titles = b""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            titles += path.read_bytes()
        except OSError:
            continue
    output, errors = process.communicate(timeout=30)

    assert CANARY.encode() not in titles
    assert CANARY not in output + errors


def test_words_that_anybody_can_read_are_not_masked(store: Desk) -> None:
    store.steps("QUEUE_KEY=orders; DB_PASSWORD=true", "echo $QUEUE_KEY $DB_PASSWORD")

    ended = store.run("--json")

    assert ended.finished()[-1]["tail"] == "orders true\n"


def test_undo_leaves_to_a_person_what_needs_a_secret_that_is_gone(store: Desk) -> None:
    store.steps(
        "TOKEN=$(vault read -field=token secret/x)",
        "kubectl cordon n1",
        'kubectl cordon "node-$TOKEN"',
    )
    run_id = store.run("--yes", "change").run_id

    ended = store.midwatch("undo", run_id, "--dry-run", "--json")

    steps = json.loads(ended.output)["plan"]["steps"]
    assert [(step["text"], step["carrier"]) for step in steps] == [
        ('kubectl uncordon "node-$TOKEN"', "person"),
        ("kubectl uncordon n1", "shell"),
    ]
    assert "TOKEN" in steps[0]["by_person"]


def test_what_a_run_writes_is_its_owners_alone_and_what_its_steps_write_is_theirs(
    store: Desk,
) -> None:
    store.steps("umask", "touch made; tail -c 1 made", "f() { :; }", "cat nowhere")

    ended = store.run("--yes", "change", "--json")

    assert ended.finished()[0]["tail"] == "0022\n"
    assert stat.S_IMODE((store.folder / "made").stat().st_mode) == 0o644
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in state(store)} == {0}
