"""Evidence as a user meets it: collected with a run, proven later, damage told by name."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

Desk = Any
SECRET, OTHER = "hunter2-canary-value", "another-canary-value"


def members(path: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            found[member.name] = file.read()
    return found


def test_a_run_collects_its_evidence_and_it_is_proven(desk: Desk) -> None:
    desk.steps("echo looking", "touch mended")

    ended = desk.run("--yes", "change", "--bundle", "run.tar.gz")
    proven = desk.midwatch("verify", "run.tar.gz", "--json")

    assert (ended.code, proven.code) == (0, 0)
    found = members(desk.folder / "run.tar.gz")
    assert found["runbook.md"] == (desk.folder / "RUNBOOK.md").read_bytes()
    assert found["output/step-001-1.txt"] == b"looking\n"
    verdict = json.loads(proven.output)
    assert (verdict["ok"], verdict["run_id"]) == (True, ended.run_id)
    for kept in (verdict["head"], verdict["seal"]):
        assert desk.midwatch("verify", "run.tar.gz", "--head", kept).code == 0
    other = desk.midwatch("verify", "run.tar.gz", "--head", "0" * 64)
    assert (other.code, "kept elsewhere" in other.output) == (1, True)


def test_bundling_twice_gives_the_same_bytes_and_the_seal_alone_where_asked(desk: Desk) -> None:
    desk.steps("echo looking")
    run_id = desk.run().run_id

    desk.midwatch("bundle", run_id, "one.tar.gz")
    sealed = desk.midwatch("bundle", run_id, "two.tar.gz", "--seal")

    assert (desk.folder / "one.tar.gz").read_bytes() == (desk.folder / "two.tar.gz").read_bytes()
    assert len(sealed.output) == 65
    assert desk.midwatch("verify", "one.tar.gz", "--head", sealed.output.strip()).code == 0


def test_the_runbook_in_the_bundle_is_the_one_that_was_approved(desk: Desk) -> None:
    desk.steps("echo looking")
    before = (desk.folder / "RUNBOOK.md").read_bytes()
    run_id = desk.run().run_id
    desk.steps("echo something else")

    assert desk.midwatch("bundle", run_id, "run.tar.gz").code == 0
    assert members(desk.folder / "run.tar.gz")["runbook.md"] == before
    assert desk.midwatch("verify", "run.tar.gz").code == 0


def test_a_changed_output_is_named(desk: Desk) -> None:
    desk.steps("echo looking")
    desk.run("--bundle", "run.tar.gz")
    packed = (desk.folder / "run.tar.gz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        names = archive.getnames()
    found = members(desk.folder / "run.tar.gz") | {"output/step-001-1.txt": b"healthy\n"}
    with tarfile.open(desk.folder / "forged.tar.gz", "w:gz") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(found[name])
            archive.addfile(info, io.BytesIO(found[name]))

    packed_elsewhere = desk.midwatch("verify", "forged.tar.gz")

    assert packed_elsewhere.code == 2
    assert "is no bundle, or was damaged" in packed_elsewhere.errors


def test_an_event_changed_in_the_database_is_named(desk: Desk) -> None:
    desk.steps("echo looking", "touch mended")
    run_id = desk.run("--yes", "change").run_id
    database = sqlite3.connect(Path(desk.environment["MIDWATCH_STATE"]) / "midwatch.db")
    with database:
        database.execute("update run_events set at = replace(at, '20', '19') where seq = 3")
    database.close()

    assert desk.midwatch("bundle", run_id, "run.tar.gz").code == 0
    proven = desk.midwatch("verify", "run.tar.gz")

    assert proven.code == 1
    assert "First, event 3: its hash does not fit" in proven.output


def test_a_secret_is_in_no_byte_of_the_bundle(desk: Desk) -> None:
    desk.steps('echo "token $API_TOKEN"', f"echo {SECRET}")

    desk.run("--bundle", "run.tar.gz", "--yes", "change", API_TOKEN=OTHER)

    for name, data in members(desk.folder / "run.tar.gz").items():
        assert OTHER.encode() not in data, name
    assert b"token ******" in members(desk.folder / "run.tar.gz")["output/step-001-1.txt"]


def test_a_secret_that_the_document_itself_says_is_told(desk: Desk) -> None:
    desk.steps(f"echo {SECRET} >/dev/null")

    ended = desk.run("--bundle", "run.tar.gz", "--yes", "change", API_TOKEN=SECRET)

    assert SECRET.encode() not in members(desk.folder / "run.tar.gz")["runbook.md"]
    assert "journal.jsonl still holds the value of a secret" in ended.errors
    assert desk.midwatch("verify", "run.tar.gz").code == 0


def test_a_place_that_cannot_be_written_is_told_before_anything_runs(desk: Desk) -> None:
    desk.steps("touch began")

    ended = desk.run("--yes", "change", "--bundle", "nowhere/run.tar.gz")

    assert (ended.code, ended.output) == (2, "")
    assert "there is no folder nowhere" in ended.errors
    assert not (desk.folder / "began").exists()


def test_what_is_no_bundle_is_told_in_a_sentence(desk: Desk) -> None:
    desk.write("no bundle", "notes.txt")

    for name in ("notes.txt", "missing.tar.gz", "."):
        ended = desk.midwatch("verify", name)
        assert ended.code == 2
        assert ended.errors.startswith("midwatch: ")
