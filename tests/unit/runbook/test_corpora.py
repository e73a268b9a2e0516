"""Public runbooks: what their authors call shell becomes commands, what is none does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from midwatch.runbook import model, reading

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))
PUBLIC = sorted(path for path in (SHARED / "corpora").rglob("*") if path.suffix in {".md", ".erb"})
TAGGED = {"bash", "sh", "shell", "console"}

pytestmark = pytest.mark.skipif(not PUBLIC, reason="absent: ../shared/corpora")


def test_nearly_all_shell_blocks_become_commands() -> None:
    runbooks = reading.read_many([(str(path), path.read_bytes()) for path in PUBLIC])
    total, lost = 0, []
    for runbook in runbooks:
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
