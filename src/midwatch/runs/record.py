"""Events as the text the journal keeps, and back."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from midwatch.base import errors
from midwatch.commands import model as commands
from midwatch.runs import events, model, shell_events

Fields = Mapping[str, Any]


def kind(event: events.Event) -> str:
    """The event's name in the journal: `step-started`."""
    return NAMES[type(event)]


def payload(event: events.Event) -> dict[str, Any]:
    """The event's fields, as JSON knows them."""
    if isinstance(event, events.Planned):
        return {"plan": _plan_fields(event.plan)}
    if isinstance(event, events.Replanned):
        return {"plan": _plan_fields(event.plan), "step": event.step, "by": event.by}
    return {name: getattr(event, name) for name in FIELDS[type(event)]}


def text(event: events.Event) -> str:
    """The event's fields as one line of JSON."""
    return json.dumps(payload(event), ensure_ascii=False, separators=(",", ":"))


def read(kind_name: str, line: str) -> events.Event:
    """The event that was written so."""
    try:
        return READERS[kind_name](json.loads(line))
    except (KeyError, TypeError, ValueError) as error:
        raise errors.WorldError(
            f"The journal holds a `{kind_name}` that this Midwatch cannot read ({error}).",
            "A newer Midwatch may have written it: upgrade, then try again. Nothing is lost.",
        ) from error


def _plan_fields(plan: model.Plan) -> dict[str, Any]:
    fields = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    return fields | {"steps": [_step_fields(step) for step in plan.steps]}


def _step_fields(step: model.PlannedStep) -> dict[str, Any]:
    fields = {field.name: getattr(step, field.name) for field in dataclasses.fields(step)}
    records = [dataclasses.asdict(each) for each in step.records]
    return fields | {"traits": sorted(step.traits), "records": records}


TUPLES = (
    "tools",
    "touches",
    "look_first",
    "looks",
    "undo",
    "expected",
    "outputs",
    "cautions",
    "captures",
    "pieces",
    "parameters",
)


def _step(fields: Fields) -> model.PlannedStep:
    return model.PlannedStep(
        **{
            **fields,
            **{name: tuple(fields.get(name, ())) for name in TUPLES},
            "records": tuple(model.Recording(**each) for each in fields.get("records", ())),
            "effect": commands.Effect(fields["effect"]),
            "carrier": model.Carrier(fields["carrier"]),
            "traits": frozenset(commands.Trait(each) for each in fields["traits"]),
            "fine_exits": {int(code): why for code, why in fields["fine_exits"].items()},
        }
    )


def _replanned(fields: Fields) -> events.Replanned:
    return events.Replanned(_planned(fields).plan, fields["step"], fields["by"])


def _planned(fields: Fields) -> events.Planned:
    plan = fields["plan"]
    steps = tuple(_step(step) for step in plan["steps"])
    names = ("cautions", "secret_environment", "undo_steps")
    lists = {name: tuple(plan[name]) for name in names}
    return events.Planned(model.Plan(**{**plan, **lists, "steps": steps}))


TURNED: Mapping[tuple[str, str], Callable[[Any], Any]] = {
    ("StepFinished", "verdict"): events.Verdict,
    ("Checked", "answer"): events.Check,
    ("DoubtSettled", "answer"): events.Doubt,
    ("FailureSettled", "answer"): events.AfterFailure,
    ("Finished", "outcome"): model.Outcome,
    ("Waiting", "answers"): tuple,
    ("ShellClosed", "changed"): tuple,
}


def _reader(shape: type[Any]) -> Callable[[Fields], events.Event]:
    turn = {field: make for (name, field), make in TURNED.items() if name == shape.__name__}

    def read_fields(fields: Fields) -> events.Event:
        changed = {name: make(fields[name]) for name, make in turn.items() if name in fields}
        made: events.Event = shape(**{**fields, **changed})
        return made

    return read_fields


SHAPES: tuple[type[Any], ...] = (
    events.Resumed,
    events.Approved,
    events.GlassBroken,
    events.Looked,
    events.Remembered,
    events.Chosen,
    events.ConditionAnswered,
    events.StepStarted,
    events.StepAttached,
    events.StepFinished,
    events.Checked,
    events.StepInterrupted,
    events.StepNeverBegan,
    events.StepInDoubt,
    events.DoubtSettled,
    events.FailureSettled,
    events.StepSkipped,
    events.ScriptSaved,
    events.DoneByPerson,
    events.LeftToDo,
    events.Refused,
    events.Waiting,
    events.HandedOver,
    events.UndoBegan,
    events.Interrupted,
    events.Finished,
    *shell_events.ALL,
)


def _name(shape: type[Any]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", shape.__name__).lower()


ALL: tuple[type[Any], ...] = (events.Planned, events.Replanned, *SHAPES)
NAMES: Mapping[type[Any], str] = {shape: _name(shape) for shape in ALL}
FIELDS: Mapping[type[Any], tuple[str, ...]] = {
    shape: tuple(field.name for field in dataclasses.fields(shape)) for shape in SHAPES
}
READERS: Mapping[str, Callable[[Fields], events.Event]] = {
    "planned": _planned,
    "replanned": _replanned,
    **{_name(shape): _reader(shape) for shape in SHAPES},
}
