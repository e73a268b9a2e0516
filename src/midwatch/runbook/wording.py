"""The digest of what a procedure would carry out: a proof holds for these words and no others."""

from __future__ import annotations

import hashlib
import json

from midwatch.runbook import model


def digest(runbook: model.Runbook, procedure: model.Procedure) -> str:
    """The sha256 of its steps, in order, and of the document's scripts that they call.

    Prose around the steps may be mended without losing the proof.
    """
    told = [_step(step) for step in procedure.steps]
    told += [[script.name, script.text] for script in _scripts(runbook, procedure)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def _step(step: model.Step) -> list[str | list[str] | None]:
    return [
        step.phase.value,
        step.kind.value,
        step.language,
        step.text,
        step.option,
        step.condition,
        step.context,
        step.file_name,
        [each.text for each in step.expected],
    ]


def _scripts(runbook: model.Runbook, procedure: model.Procedure) -> list[model.Script]:
    called = {
        line
        for step in procedure.steps
        for line in range(step.line, max(step.line, step.end_line) + 1)
    }
    return [script for script in runbook.scripts if called.intersection(script.called_at)]
