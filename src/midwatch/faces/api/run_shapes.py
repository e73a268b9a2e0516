"""What a run looks like in JSON, without a secret in it."""

from __future__ import annotations

from typing import Any, TypeAlias

from midwatch.app import watched_runs
from midwatch.commands import model as commands
from midwatch.db import moments
from midwatch.runs import answers, events, model, run_lists, secrets, state

Shape: TypeAlias = dict[str, Any]
AS_IT_IS = frozenset(
    {"id", "incident", "state", "outcome", "started_at", "ended_at", "since", "at", "bound"}
)
"""Words of Midwatch alone: whoever answers hands them back letter by letter."""


def row(found: watched_runs.Row) -> Shape:
    """One line of the list."""
    shown = {**_line(found), "waits": _waits(found.waits)}
    return _without_secrets(found.masker, shown)


def run(found: watched_runs.Shown) -> Shape:
    """Where one run stands."""
    plan, line = found.standing.plan, found.row
    shown = {
        **_line(line),
        "requested_by": plan.requested_by,
        "incident": found.incident or None,
        "inputs": dict(plan.inputs),
        "waits": _waits(line.waits, line.run.run_id, plan),
        "answered": [_given(each) for each in found.given],
        "carried_out": found.is_carried,
        "steps": [_step(found.standing, each) for each in plan.steps],
    }
    return _without_secrets(line.masker, shown)


def _without_secrets(masker: secrets.Masker, shown: Shape) -> Shape:
    hidden: Shape = _hidden(masker, shown)
    return hidden


def _hidden(masker: secrets.Masker, shown: Any) -> Any:  # noqa: ANN401  (whatever JSON holds)
    match shown:
        case dict():
            return {
                key: value if key in AS_IT_IS else _hidden(masker, value)
                for key, value in shown.items()
            }
        case list() | tuple():
            return [_hidden(masker, each) for each in shown]
        case str():
            return masker.text(shown).encode("utf-8", "replace").decode()
        case _:
            return shown


def _line(found: watched_runs.Row) -> Shape:
    run, over = found.run, found.run.outcome in OVER
    return {
        "id": run.run_id,
        "state": "over" if over else run.outcome.value,
        "outcome": run.outcome.value if over else None,
        "title": run.title,
        "runbook": run.runbook,
        "procedure": run.procedure,
        "target": run.target,
        "started_at": moments.write(run.started_at),
        "ended_at": moments.maybe(run.ended_at) if over else None,
    }


OVER = frozenset({model.Outcome.SUCCEEDED, model.Outcome.FAILED, model.Outcome.STOPPED})


def _waits(
    found: run_lists.Waits | None, run_id: str = "", plan: model.Plan | None = None
) -> Shape | None:
    """What it waits for; `bound` is what an answer is bound to, null where it takes a terminal."""
    if found is None:
        return None
    event = found.event
    if isinstance(event, events.HandedOver):
        by = event.by or "somebody"
        question = f"{by} handed it over: {event.note or 'without a note'}"
        event = events.Waiting(event.step, question)
    shown: Shape = {
        "step": event.step + 1,
        "asks": event.asks or None,
        "question": event.question,
        "answers": list(event.answers),
        "bound": event.bound or None,
        "since": moments.write(found.since),
    }
    if plan is None:
        return shown
    step = plan.steps[event.step]
    return {
        **shown,
        "text": step.text,
        "needs": {each: _role(event.asks, each, step) for each in event.answers},
        "command": answers.command(run_id, event),
    }


def _role(asks: str, said: str, step: model.PlannedStep) -> str:
    """Which role the answer takes."""
    return "approver" if answers.approves(asks, said, step) else "responder"


def _given(given: answers.Given) -> Shape:
    return {
        "by": given.actor,
        "answer": given.said,
        "note": given.note,
        "at": moments.write(given.at),
    }


def _step(standing: state.State, step: model.PlannedStep) -> Shape:
    at = standing.step(step.index)
    return {
        "number": step.index + 1,
        "title": step.title,
        "line": step.line,
        "phase": step.phase,
        "effect": step.effect.value,
        "by_person": step.carrier is model.Carrier.PERSON,
        "risk": {
            "why": step.why,
            "traits": sorted(each.value for each in step.traits),
            "touches": list(step.touches),
            "cautions": list(step.cautions),
            "undo": list(step.undo) if step.effect is not commands.Effect.READ else [],
        },
        "text": step.text,
        "status": at.status.value,
        "attempts": at.attempts,
        "reason": at.reason,
        "approved_by": [each.by for each in at.yeses if each.by],
        "shown": standing.seen.get(step.index, ""),
    }
