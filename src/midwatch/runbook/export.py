"""The compiled model as `midwatch show --json` prints it: version 1, stable."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from midwatch.commands import model as commands
from midwatch.runbook import model

VERSION = 1
Record = dict[str, Any]
Proofs = Mapping[tuple[str, str], Mapping[str, object]]
"""What is on record of a procedure, by the runbook's path and the procedure's id."""


def to_json(runbooks: Sequence[model.Runbook], proofs: Proofs | None = None) -> str:
    """The runbooks as one JSON document; only a procedure with a proof has that key."""
    document = {
        "version": VERSION,
        "runbooks": [_runbook(each, proofs or {}) for each in runbooks],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode("utf-8")


def _runbook(runbook: model.Runbook, proofs: Proofs) -> Record:
    return {
        "path": runbook.path,
        "title": runbook.title,
        "digest": runbook.digest,
        "procedures": [
            _procedure(each) | _proof(proofs.get((runbook.path, each.id)))
            for each in runbook.procedures
        ],
        "inputs": [_input(each) for each in runbook.inputs],
        "rules": [_rule(each) for each in runbook.rules],
        "scripts": [_script(each) for each in runbook.scripts],
        "schedules": [
            {"line": e.line, "every": e.every, "title": e.title, "procedure": e.procedure}
            for e in runbook.schedules
        ],
        "escalation": [
            {"line": e.line, "level": e.level, "who": e.who, "after": e.after}
            for e in runbook.escalation
        ],
        "contacts": [
            {"line": e.line, "role": e.role, "how": e.how, "unfilled": e.unfilled}
            for e in runbook.contacts
        ],
        "severities": [
            {"line": e.line, "name": e.name, "meaning": e.meaning} for e in runbook.severities
        ],
        "retention": [
            {"line": e.line, "what": e.what, "period": e.period} for e in runbook.retention
        ],
        "blocks": [_block(each) for each in runbook.blocks],
        "links": [{"line": e.line, "text": e.text, "href": e.href} for e in runbook.links],
        "notes": [{"line": e.line, "message": e.message} for e in runbook.notes],
    }


def _proof(found: Mapping[str, object] | None) -> Record:
    return {} if found is None else {"proof": dict(found)}


def _procedure(procedure: model.Procedure) -> Record:
    return {
        "id": procedure.id,
        "title": procedure.title,
        "line": procedure.line,
        "end_line": procedure.end_line,
        "heading_path": list(procedure.heading_path),
        "severity": procedure.severity,
        "recovery_target": procedure.recovery_target,
        "symptoms": list(procedure.symptoms),
        "cautions": list(procedure.cautions),
        "decisions": [
            {"line": e.line, "condition": e.condition, "action": e.action}
            for e in procedure.decisions
        ],
        "see": list(procedure.see),
        "steps": [_step(each) for each in procedure.steps],
    }


def _step(step: model.Step) -> Record:
    return {
        "line": step.line,
        "end_line": step.end_line,
        "title": step.title,
        "phase": step.phase.value,
        "kind": step.kind.value,
        "language": step.language,
        "text": step.text,
        "effect": step.effect.value,
        "traits": sorted(trait.value for trait in step.traits),
        "why": step.why,
        "choice": step.choice,
        "option": step.option,
        "condition": step.condition,
        "context": step.context,
        "file_name": step.file_name,
        "commands": [_command(each) for each in step.commands],
        "inputs": [_input(each) for each in step.inputs],
        "slots": [{"input": e.input, "start": e.start, "end": e.end} for e in step.slots],
        "expected": [{"line": e.line, "text": e.text} for e in step.expected],
        "cautions": list(step.cautions),
        "unclear": step.unclear,
    }


def _command(located: model.LocatedCommand) -> Record:
    command = located.command
    return {
        "line": located.line,
        "column": located.column,
        "text": command.text,
        "effect": command.effect.value,
        "traits": sorted(trait.value for trait in command.traits),
        "tool": command.tool,
        "why": command.why,
        "target": command.target,
        "look_first": command.look_first,
        "undo": command.undo,
        "inside": [_inside(each) for each in command.inside],
    }


def _inside(command: commands.Command) -> Record:
    return {
        "text": command.text,
        "effect": command.effect.value,
        "traits": sorted(trait.value for trait in command.traits),
        "tool": command.tool,
        "why": command.why,
    }


def _input(each: model.Input) -> Record:
    return {
        "name": each.name,
        "line": each.line,
        "text": each.text,
        "kind": each.kind,
        "secret": each.secret,
        "default": each.default,
        "choices": list(each.choices),
        "source": each.source,
        "environment": each.environment,
    }


def _rule(rule: model.Rule) -> Record:
    return {
        "line": rule.line,
        "name": rule.name,
        "query": rule.query,
        "threshold": rule.threshold,
        "duration": rule.duration,
        "severity": rule.severity,
        "action": rule.action,
        "procedure": rule.procedure,
    }


def _script(script: model.Script) -> Record:
    return {
        "name": script.name,
        "line": script.line,
        "text": script.text,
        "effect": script.effect.value,
        "traits": sorted(trait.value for trait in script.traits),
        "called_at": list(script.called_at),
    }


def _block(block: model.Block) -> Record:
    return {
        "line": block.line,
        "end_line": block.end_line,
        "tag": block.tag,
        "language": block.language,
        "role": block.role,
        "procedure": block.procedure,
    }
