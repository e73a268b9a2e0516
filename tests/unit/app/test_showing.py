"""`midwatch show`: runbooks by path, quickly the second time, and as JSON that others read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from midwatch.app import kept, showing
from midwatch.base import errors
from midwatch.runbook import encoding, reading

SHAPES = Path(__file__).parents[2] / "cases" / "runbook" / "shapes"
DOCUMENT = (
    b"# Shop\n\n## Restart\n\n```bash\n# Restart it\nkubectl rollout restart deploy/<name>\n```\n"
)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_runbook_survives_being_kept() -> None:
    for path in sorted(SHAPES.glob("*.md")):
        runbook = reading.read(path.name, path.read_bytes())
        assert encoding.load(encoding.dump(runbook)) == runbook


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[1,2", b'["a"]', b"null", b"\xff"])
def test_what_is_no_runbook_is_told_to_be_damaged(body: bytes) -> None:
    with pytest.raises(encoding.DamagedError):
        encoding.load(body)


def test_the_second_reading_is_the_first(tmp_path: Path) -> None:
    path = tmp_path / "shop.md"
    path.write_bytes(DOCUMENT)
    first = showing.load([path])
    assert kept.find(first[0].path, DOCUMENT) == first[0]
    assert showing.load([path]) == first


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "shop.md"
    path.write_bytes(DOCUMENT)
    showing.load([path])
    path.write_bytes(DOCUMENT.replace(b"Restart\n\n", b"Begin\n\n"))
    assert showing.load([path])[0].procedures[0].id == "begin"


def test_many_files_are_read_in_order_by_several_processes(tmp_path: Path) -> None:
    paths = []
    for number in range(30):
        paths.append(tmp_path / f"{number:02}.md")
        paths[-1].write_bytes(DOCUMENT.replace(b"Shop", f"Shop {number}".encode()))
    titles = [runbook.title for runbook in showing.load(paths)]
    assert titles == [f"Shop {number}" for number in range(30)]


def test_the_json_has_the_promised_shape(tmp_path: Path) -> None:
    path = tmp_path / "shop.md"
    path.write_bytes(DOCUMENT)
    document = json.loads(showing.to_json(showing.load([path])))
    assert document["version"] == 1
    (runbook,) = document["runbooks"]
    assert runbook["title"] == "Shop"
    assert set(runbook) >= {
        "path",
        "title",
        "digest",
        "procedures",
        "inputs",
        "rules",
        "scripts",
        "schedules",
        "escalation",
        "contacts",
    }
    (procedure,) = runbook["procedures"]
    assert procedure["heading_path"] == ["Shop", "Restart"]
    (step,) = procedure["steps"]
    assert (step["line"], step["title"], step["phase"], step["kind"], step["language"]) == (
        7,
        "Restart it",
        "operate",
        "shell",
        "bash",
    )
    (command,) = step["commands"]
    assert (command["line"], command["effect"], command["tool"]) == (7, "change", "kubectl")
    assert [each["name"] for each in step["inputs"]] == ["name"]


def test_one_procedure_is_found_by_id_and_by_heading(tmp_path: Path) -> None:
    path = tmp_path / "shop.md"
    path.write_bytes(DOCUMENT)
    runbooks = showing.load([path])
    assert showing.only(runbooks, "restart")[0].procedures[0].title == "Restart"
    assert showing.only(runbooks, "Restart")[0].procedures[0].id == "restart"
    with pytest.raises(errors.UserError, match="No procedure is called stop"):
        showing.only(runbooks, "stop")
