"""A run as an OpenTelemetry trace: the run is the root span, each try of a step a child.

The journal is the source: nothing is measured twice, and a run that was interrupted and resumed is
one trace. https://opentelemetry.io/docs/specs/otlp/ (JSON encoding)
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from midwatch.base import shape
from midwatch.runs import events, model, state

LONGEST = 200
ERROR, OK = 2, 1
INTERNAL = 1


@shape.frozen
class Span:
    """One span; ids are made from the run, so that the same run gives the same trace."""

    id: str
    parent: str
    name: str
    began: datetime.datetime
    ended: datetime.datetime
    failed: bool
    attributes: Mapping[str, str | int | float]


def of(run_id: str, recorded: Sequence[events.Recorded]) -> tuple[str, list[Span]]:
    """The trace's id, and its spans, the root first."""
    standing = state.fold(recorded)
    plan = standing.plan
    root = Span(
        id=_hex(f"{run_id}/root", 8),
        parent="",
        name=f"run {plan.procedure}",
        began=recorded[0].at,
        ended=recorded[-1].at,
        failed=standing.outcome is model.Outcome.FAILED,
        attributes={
            "midwatch.run": run_id,
            "midwatch.runbook": plan.runbook,
            "midwatch.procedure": plan.procedure,
            "midwatch.target": plan.target,
            "midwatch.outcome": standing.outcome.value,
        },
    )
    return _hex(run_id, 16), [root, *_steps(run_id, root, plan, recorded)]


def _steps(
    run_id: str, root: Span, plan: model.Plan, recorded: Sequence[events.Recorded]
) -> list[Span]:
    begun: dict[tuple[int, int], datetime.datetime] = {}
    spans = []
    for each in recorded:
        event = each.event
        if isinstance(event, events.StepStarted):
            begun[event.step, event.attempt] = each.at
        elif isinstance(event, events.StepFinished):
            began = begun.get((event.step, event.attempt), each.at)
            step = plan.steps[event.step]
            failed = event.verdict in {events.Verdict.FAILED, events.Verdict.LIMIT}
            spans.append(
                Span(
                    id=_hex(f"{run_id}/{event.step}/{event.attempt}", 8),
                    parent=root.id,
                    name=f"step {step.line}",
                    began=began,
                    ended=each.at,
                    failed=failed,
                    attributes={
                        "midwatch.line": step.line,
                        "midwatch.command": step.text.strip()[:LONGEST],
                        "midwatch.effect": step.effect.value,
                        "midwatch.attempt": event.attempt,
                        "process.exit.code": event.exit,
                        "midwatch.verdict": event.verdict.value,
                        "midwatch.output.bytes": event.size,
                    },
                )
            )
    return spans


def as_otlp(trace: str, spans: Sequence[Span], version: str) -> dict[str, Any]:
    """An ExportTraceServiceRequest, as OTLP writes it in JSON."""
    resource = {"attributes": _attributes({"service.name": "midwatch"})}
    scope = {"name": "midwatch.runs", "version": version}
    listed = [_span(trace, span) for span in spans]
    return {
        "resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": scope, "spans": listed}]}]
    }


def _span(trace: str, span: Span) -> dict[str, Any]:
    return {
        "traceId": trace,
        "spanId": span.id,
        "parentSpanId": span.parent,
        "name": span.name,
        "kind": INTERNAL,
        "startTimeUnixNano": _nanoseconds(span.began),
        "endTimeUnixNano": _nanoseconds(span.ended),
        "attributes": _attributes(span.attributes),
        "status": {"code": ERROR if span.failed else OK},
    }


def _attributes(values: Mapping[str, str | int | float]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: str | float) -> dict[str, Any]:
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}  # 64-bit integers are text in protobuf's JSON
    return {"doubleValue": value}


def _nanoseconds(moment: datetime.datetime) -> str:
    whole, rest = divmod(
        moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC), datetime.timedelta(seconds=1)
    )
    return str(whole * 10**9 + rest.microseconds * 1000)


def _hex(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[: length * 2]
