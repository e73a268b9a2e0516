"""Events to JSON and back; what a newer Midwatch added is left out, what it lacks is told."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import typing
from typing import Any

from midwatch.incidents import events

CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
KINDS: dict[str, type[Any]] = {
    CAPITAL.sub("-", each.__name__).lower(): each for each in typing.get_args(events.Event)
}
NAMES = {each: kind for kind, each in KINDS.items()}


def kind(event: events.Event) -> str:
    """The event's name on disk: `alerts-joined`."""
    return NAMES[type(event)]


def write(event: events.Event) -> str:
    """The event's fields as JSON."""
    return json.dumps(dataclasses.asdict(event), default=_moment, ensure_ascii=False)


def _moment(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def read(name: str, payload: str) -> events.Event:
    """The event as it was written.

    What cannot be read is told as such: it must not keep the incident, or any other, from paging.
    """
    made = KINDS.get(name)
    if made is None:
        return events.Unread(name)
    try:
        values = json.loads(payload)
        known = {field.name: field.type for field in dataclasses.fields(made)}
        return made(**{name: _value(known[name], values[name]) for name in values if name in known})  # type: ignore[no-any-return]
    except (ValueError, TypeError, LookupError, RecursionError):
        return events.Unread(name)


def _value(wanted: object, value: Any) -> Any:  # noqa: ANN401  (whatever JSON holds)
    if isinstance(value, list):
        return tuple(value)
    if wanted == "datetime.datetime":
        return datetime.datetime.fromisoformat(value)
    return value
