"""Public runbooks: what their authors call shell becomes commands, what is none does not."""

from __future__ import annotations

from pathlib import Path

from midwatch.runbook import model

TAGGED = {"bash", "sh", "shell", "console"}


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
