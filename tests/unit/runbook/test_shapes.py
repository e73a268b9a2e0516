"""Each document of tests/cases/runbook/shapes reads as the file beside it says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from midwatch.runbook import model, reading

CASES = Path(__file__).parents[2] / "cases" / "runbook" / "shapes"
DOCUMENTS = sorted(CASES.glob("*.md"))


def told(runbook: model.Runbook) -> Iterator[str]:
    yield f"title: {runbook.title}"
    for procedure in runbook.procedures:
        yield ""
        yield f"procedure {procedure.id}, lines {procedure.line}-{procedure.end_line}"
        for name in ("severity", "recovery_target"):
            if getattr(procedure, name):
                yield f"  {name}: {getattr(procedure, name)}"
        yield from (f"  symptom: {each}" for each in procedure.symptoms)
        yield from (f"  caution: {each}" for each in procedure.cautions)
        yield from (
            f"  decision {d.line}: {d.condition} => {d.action}" for d in procedure.decisions
        )
        yield from (f"  see: {each}" for each in procedure.see)
        for step in procedure.steps:
            yield from step_told(step)
    yield ""
    yield from facts_told(runbook)


def step_told(step: model.Step) -> Iterator[str]:
    first, *rest = step.text.split("\n")
    yield f"  {step.line} {step.phase} {step.kind} {step.language} | {step.title}"
    yield f"      {first}" + (f" [+{len(rest)} lines]" if rest else "")
    if step.choice:
        yield f"      choice {step.choice}: {step.option}"
    for name in ("condition", "context", "file_name", "unclear"):
        if getattr(step, name):
            yield f"      {name}: {getattr(step, name)}"
    for each in step.inputs:
        marks = [word for word in ("secret", "environment") if getattr(each, word)]
        extra = [f"default {each.default}"] if each.default else []
        extra += [f"from `{each.source}`"] if each.source else []
        extra += [f"one of {', '.join(each.choices)}"] if each.choices else []
        yield f"      input {each.name}: " + ", ".join([each.kind, *marks, *extra])
    for expected in step.expected:
        yield f"      expect {expected.line}: {' / '.join(expected.text.split(chr(10)))}"


def facts_told(runbook: model.Runbook) -> Iterator[str]:
    for rule in runbook.rules:
        parts = [rule.name, rule.query, rule.threshold, rule.duration, rule.severity, rule.action]
        yield f"rule {rule.line}: " + " | ".join(part or "-" for part in parts)
    for script in runbook.scripts:
        yield f"script {script.line}: {script.name}, called at {list(script.called_at)}"
    for schedule in runbook.schedules:
        yield f"schedule {schedule.line}: {schedule.every} | {schedule.title}"
    for level in runbook.escalation:
        yield f"escalation {level.line}: {level.level} | {level.who} | {level.after}"
    for contact in runbook.contacts:
        yield f"contact {contact.line}: {contact.role} | {contact.how}" + (
            " (unfilled)" if contact.unfilled else ""
        )
    for severity in runbook.severities:
        yield f"severity {severity.line}: {severity.name} | {severity.meaning}"
    for kept in runbook.retention:
        yield f"retention {kept.line}: {kept.what} | {kept.period}"
    for block in runbook.blocks:
        what = f"{block.tag or '-'} is {block.language}, {block.role}"
        yield f"block {block.line}-{block.end_line}: {what}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_reads_as_the_file_beside_it_says(path: Path) -> None:
    text = "\n".join(told(reading.read(path.name, path.read_bytes()))) + "\n"
    expected = path.with_suffix(".txt")
    if os.environ.get("MIDWATCH_REWRITE"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
