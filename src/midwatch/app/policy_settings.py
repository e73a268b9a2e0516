"""The `[[policy]]` lines of `midwatch.toml`; what is not understood is an error, not a guess."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from midwatch.base import lazy
from midwatch.commands import model as commands
from midwatch.guards import hours, model

if TYPE_CHECKING:
    import zoneinfo
else:
    zoneinfo = lazy.module("zoneinfo")

KEYS = (
    "decision",
    "target",
    "procedure",
    "effect",
    "trait",
    "actor",
    "except",
    "hours",
    "zone",
    "approvals",
    "break-glass",
    "reason",
)
HEAD = re.compile(r"\s*\[\[\s*[\"']?policy[\"']?\s*\]\]")
DURATION = re.compile(r"([0-9]+)\s*(s|m|h|d)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MOST = 10
"""People who must say yes; more is a slip of the finger."""


def read(path: Path, text: str, data: Mapping[str, Any]) -> model.Policy:
    """The whole policy of a file."""
    tables = data.get("policy", [])
    if not isinstance(tables, list):
        raise TypeError("write [[policy]] with two brackets")
    lines = _lines(text, len(tables))
    rules = tuple(
        _rule(fields, f"{path.name}:{line}" if line else f"{path.name}, policy {number}")
        for number, (fields, line) in enumerate(zip(tables, lines, strict=True), start=1)
    )
    approval = data.get("approval", {})
    _only(approval, ("expires",), "approval")
    return model.Policy(
        rules=rules,
        limits=model.Limits(**data.get("limits", {})),
        approval_seconds=seconds(str(approval.get("expires", "15m"))),
    )


def _lines(text: str, count: int) -> Sequence[int]:
    """The line each `[[policy]]` begins at; zeros where they cannot be told apart."""
    found = [number for number, line in enumerate(text.split("\n"), start=1) if HEAD.match(line)]
    return found if len(found) == count else [0] * count


def _rule(fields: Mapping[str, Any], place: str) -> model.Rule:
    where = f"the policy at {place}"
    _only(fields, KEYS, where)
    if "decision" not in fields:
        raise ValueError(f"{where} has no decision (allow, ask, type-target or refuse)")
    decision = model.Answer(fields["decision"])
    approvals = _approvals(fields, decision, where)
    if "zone" in fields and "hours" not in fields:
        raise ValueError(f"{where} has a zone and no hours")
    breakable = fields.get("break-glass", True)
    if not isinstance(breakable, bool):
        raise TypeError(f"{where}: break-glass is true or false")
    return model.Rule(
        decision=decision,
        target=_word(fields, "target", where),
        procedure=_word(fields, "procedure", where),
        effect=commands.Effect(fields["effect"]) if "effect" in fields else None,
        trait=commands.Trait(fields["trait"]) if "trait" in fields else None,
        reason=str(fields.get("reason", "")),
        actors=_names(fields, "actor", where),
        but=_names(fields, "except", where),
        hours=_hours(fields, where),
        approvals=approvals,
        breakable=breakable,
        place=place,
    )


def _approvals(fields: Mapping[str, Any], decision: model.Answer, where: str) -> int:
    count = fields.get("approvals", 1)
    if type(count) is not int or not 1 <= count <= MOST:
        raise ValueError(f"{where}: approvals is a number from 1 to {MOST}")
    if count > 1 and decision not in {model.Answer.ASK, model.Answer.TYPE_TARGET}:
        raise ValueError(f"{where}: approvals go with “ask” or “type-target”, not “{decision}”")
    return count


def _word(fields: Mapping[str, Any], key: str, where: str) -> str | None:
    value = fields.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise TypeError(f"{where}: {key} is a name")
    return value


def _names(fields: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """One name or pattern, or a list of them; an empty list would be about nobody."""
    if key not in fields:
        return ()
    value = fields[key]
    names = [value] if isinstance(value, str) else value
    whole = isinstance(names, list) and all(isinstance(each, str) and each for each in names)
    if not whole or not names:
        raise TypeError(f"{where}: {key} is a name or a list of names")
    return tuple(names)


def _hours(fields: Mapping[str, Any], where: str) -> hours.Hours | None:
    if "hours" not in fields:
        return None
    return hours.read(str(fields["hours"]), zone(str(fields.get("zone", "UTC")), where))


def zone(name: str, where: str) -> datetime.tzinfo:
    """The time zone of that name."""
    if name.upper() == "UTC":
        return datetime.UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{where}: this machine knows no time zone “{name}”") from error


def seconds(text: str) -> float:
    """A duration such as `15m`."""
    found = DURATION.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"“{text}” is no duration: write it as 15m")
    return float(int(found[1]) * SECONDS[found[2]])


def _only(fields: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    if not isinstance(fields, Mapping):
        raise TypeError(f"{where} is no table")
    for key in fields:
        if key not in known:
            raise ValueError(f"“{key}” in {where} (known: {', '.join(known)})")
