"""Rehearsals and events as the text that the database keeps, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from midwatch.base import errors
from midwatch.drills import model


def dump(rehearsal: model.Rehearsal) -> str:
    """The rehearsal as it was planned, with its fault as it stood in the file."""
    return json.dumps(dataclasses.asdict(rehearsal), ensure_ascii=False)


def load(text: str) -> model.Rehearsal:
    """The rehearsal that was written so."""
    try:
        fields: dict[str, Any] = json.loads(text)
        fault: dict[str, Any] = fields["fault"]
        limits = model.Limits(**fault["limits"])
        choose = tuple(fault["choose"])
        made = model.Fault(**{**fault, "limits": limits, "choose": choose})
        return model.Rehearsal(**{**fields, "fault": made, "arm": model.Arm(fields["arm"])})
    except (KeyError, TypeError, ValueError) as error:
        raise errors.WorldError(
            f"The journal holds a rehearsal that this Midwatch cannot read ({error}).",
            "A newer Midwatch may have written it: upgrade, then try again. Nothing is lost.",
        ) from error


def detail(values: Mapping[str, str | float]) -> str:
    """What is known of an event, as one line."""
    return json.dumps(dict(values), ensure_ascii=False)


def event(kind: str, seconds: float, text: str) -> model.Event:
    """The event that was written so."""
    try:
        return model.Event(model.Kind(kind), seconds, json.loads(text))
    except ValueError as error:
        raise errors.WorldError(
            f"The journal holds a drill's event that this Midwatch cannot read ({error}).",
            "A newer Midwatch may have written it: upgrade, then try again. Nothing is lost.",
        ) from error
