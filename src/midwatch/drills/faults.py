"""Reading a faults file: strict, with a sentence for everything that does not fit."""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from midwatch.base import errors
from midwatch.drills import model

VERSION = 1
TEXTS = ("runbook", "target", "probe", "prometheus", "start", "may")
FAULT_TEXTS = ("id", "title", "inject", "heal", "probe", "procedure", "wrong", "alert", "may")
NEEDED = ("id", "title", "inject", "heal", "probe")
LIMITS = tuple(field.name for field in dataclasses.fields(model.Limits))
TOP = frozenset({"version", "fault", *TEXTS, *LIMITS})
OTHERS = ("set", "find", "choose", "wrong_set", "heals_itself")
KEYS = frozenset({*FAULT_TEXTS, *OTHERS, *LIMITS})
MAY = ("read", "change")
MAY_BE_NOTHING = ("wait", "reaction")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
Fields = Mapping[str, Any]


def read(path: Path, text: str) -> model.Faults:
    """The faults in that text; whatever is not understood is an error that names it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise errors.UserError(f"{path} is no TOML: {error}.") from error
    top = _Table(path, "the head of the file", data)
    top.only(TOP)
    if data.get("version") != VERSION:
        said = data.get("version", "none")
        raise top.wrong(f"version is {said}, and this Midwatch knows {VERSION}", "version = 1")
    top.need(("runbook", "target"))
    limits = top.limits(model.Limits())
    tables = data.get("fault", [])
    if not isinstance(tables, list) or not tables:
        raise top.wrong("there is no fault", "Write each as a [[fault]].")
    may = top.one_of("may", MAY, "change")
    faults = tuple(
        _fault(_Table(path, f"fault {number}", fields), limits, may)
        for number, fields in enumerate(tables, start=1)
    )
    _once(path, faults)
    plain = {name: top.text(name) for name in ("target", "prometheus", "start")}
    found = model.Faults(path, path.parent / top.text("runbook"), faults=faults, **plain)
    return dataclasses.replace(found, probe=top.text("probe") or found.probe)


def _fault(table: _Table, limits: model.Limits, may: str) -> model.Fault:
    identity = table.text("id")
    if identity:
        table = dataclasses.replace(table, where=f"fault “{identity}”")
    table.only(KEYS)
    table.need(NEEDED)
    if not ID.fullmatch(identity):
        raise table.wrong(f"“{identity}” is no id", "Take letters, digits, “-”, “_” and “.”.")
    texts = {name: table.text(name) for name in FAULT_TEXTS if name != "may"}
    itself = table.fields.get("heals_itself", False)
    if not isinstance(itself, bool):
        raise table.wrong("heals_itself is true or false")
    return model.Fault(
        **texts,
        set=table.values("set"),
        find=table.values("find"),
        choose=table.names("choose"),
        wrong_set=table.values("wrong_set"),
        may=table.one_of("may", MAY, may),
        heals_itself=itself,
        limits=table.limits(limits),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file, and how it is named where something in it is wrong."""

    path: Path
    where: str
    fields: Fields

    def wrong(self, what: str, hint: str = "") -> errors.UserError:
        return errors.UserError(
            f"{self.path}, {self.where}: {what}.", hint or "docs/reference/drills.md has every key."
        )

    def only(self, known: frozenset[str]) -> None:
        if not isinstance(self.fields, Mapping):
            raise self.wrong("it is no table")
        for key in self.fields:
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), n=1)
                hint = f"Did you mean “{near[0]}”?" if near else ""
                raise self.wrong(f"there is no key “{key}”", hint)

    def need(self, names: Iterable[str]) -> None:
        for name in names:
            if not self.text(name).strip():
                raise self.wrong(f"“{name}” is missing")

    def text(self, name: str) -> str:
        value = self.fields.get(name, "") if isinstance(self.fields, Mapping) else ""
        if not isinstance(value, str):
            raise self.wrong(f"“{name}” is no text")
        return value

    def one_of(self, name: str, known: tuple[str, ...], otherwise: str) -> str:
        value = self.text(name) or otherwise
        if value not in known:
            raise self.wrong(f"“{name}” is “{value}”", f"It is one of: {', '.join(known)}.")
        return value

    def values(self, name: str) -> dict[str, str]:
        value = self.fields.get(name, {})
        plain = isinstance(value, Mapping) and all(
            isinstance(each, str | int | float) and not isinstance(each, bool)
            for each in value.values()
        )
        if not plain:
            raise self.wrong(f"“{name}” is no table of values", 'Write { name = "value" }.')
        return {key: str(each) for key, each in value.items()}

    def names(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(f"“{name}” is no list of names")
        return tuple(value)

    def limits(self, before: model.Limits) -> model.Limits:
        found: dict[str, float] = {}
        for name in LIMITS:
            value = self.fields.get(name)
            if value is None:
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or value < 0 or (value == 0 and name not in MAY_BE_NOTHING):
                raise self.wrong(f"“{name}” is no number of seconds above 0")
            found[name] = float(value)
        return dataclasses.replace(before, **found)


def _once(path: Path, faults: tuple[model.Fault, ...]) -> None:
    seen: set[str] = set()
    for fault in faults:
        if fault.id in seen:
            raise errors.UserError(
                f"{path}: there are two faults “{fault.id}”.", "Give one of them another id."
            )
        seen.add(fault.id)


def chosen(faults: model.Faults, names: tuple[str, ...]) -> tuple[model.Fault, ...]:
    """The faults of those names, in the order of the file; all of them where none is named."""
    known = {fault.id: fault for fault in faults.faults}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It has: {', '.join(known)}."
            raise errors.UserError(f"{faults.path} has no fault “{name}”.", hint)
    return tuple(fault for fault in faults.faults if not names or fault.id in names)
