"""Public runbooks, read once: shell becomes commands, and all stands where it is said to stand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.unit.runbook import standing

from midwatch.runbook import model, reading, source

SHARED = Path(os.environ.get("MIDWATCH_SHARED", Path(__file__).parents[3] / "shared"))
TAGGED = {"bash", "sh", "shell", "console"}


@pytest.fixture(scope="module")
def public() -> dict[Path, model.Runbook]:
    """Every page of the public corpora with its runbook."""
    pages = (path for path in (SHARED / "corpora").rglob("*") if path.suffix in {".md", ".erb"})
    paths = sorted(pages)
    if not paths:
        pytest.skip("absent: ../shared/corpora")
    runbooks = reading.read_many([(str(path), path.read_bytes()) for path in paths])
    return dict(zip(paths, runbooks, strict=True))


def test_nearly_all_shell_blocks_become_commands(public: dict[Path, model.Runbook]) -> None:
    total, lost = 0, []
    for runbook in public.values():
        steps = [step for procedure in runbook.procedures for step in procedure.steps]
        made = {step.fence_line for step in steps if step.commands or is_query(step)}
        for block in runbook.blocks:
            if block.tag.lower() in TAGGED and block.language == "bash":
                total += 1
                if block.line not in made and block.text.strip():
                    lost.append(f"{runbook.path}:{block.line}")
    assert total > 700
    assert len(lost) <= 0.03 * total, lost


def is_query(step: model.Step) -> bool:
    return step.kind in {model.Kind.SQL, model.Kind.SCRIPT, model.Kind.MANUAL}


def test_elements_of_every_public_runbook_stand_where_they_say(
    public: dict[Path, model.Runbook],
) -> None:
    wrong = [
        place
        for path, runbook in public.items()
        for place in standing.misplaced(runbook, source.read(path.name, path.read_bytes()).lines)
    ]
    assert wrong == []
    assert [place for path in public for place in standing.passages_misplaced(path)] == []
