"""[escalation], [roles], [waits] and [severities] of midwatch.toml: who is told when, of what."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping

from midwatch.app import toml_fields
from midwatch.incidents import model, policy
from midwatch.oncall import directory

DEFAULT = "default"
SOURCE = "midwatch.toml"
LEAST_REPEAT = datetime.timedelta(minutes=1)


def policies(table: toml_fields.Table, known: directory.Directory) -> dict[str, policy.Policy]:
    """The policies as written: `default`, and one for each runbook that has its own."""
    return {key: _policy(key, table.table(f"{key}"), known) for key in table}


def _policy(name: str, table: toml_fields.Table, known: directory.Directory) -> policy.Policy:
    table.only("levels", "repeat_after")
    levels = tuple(_level(each, known) for each in table.tables("levels"))
    if not levels:
        raise ValueError(f"{table.where} has no levels: nobody would be told")
    for earlier, later in itertools.pairwise(levels):
        if later.after < earlier.after:
            raise ValueError(f"{table.where}: its levels are not in the order of their “after”")
    if levels[0].after:
        raise ValueError(f"{table.where}: its first level is told at once (after = “0m”)")
    repeat = table.duration("repeat_after", "15m")
    if repeat < LEAST_REPEAT:
        raise ValueError(f"repeat_after in {table.where} is at least 1m")
    return policy.Policy(name, levels, repeat, f"{SOURCE} {table.where}")


def _level(table: toml_fields.Table, known: directory.Directory) -> policy.Level:
    table.only("after", "notify", "title")
    words = whom(table, "notify", known)
    return policy.Level(table.duration("after", "0m"), words, table.text("title", ""))


def whom(table: toml_fields.Table, key: str, known: directory.Directory) -> tuple[str, ...]:
    """People and schedules that a key names, as `schedule:primary`, `person:ana`, `everyone`."""
    names = table.names(key)
    if not names:
        raise ValueError(f"{key} in {table.where} names nobody")
    return tuple(named(name, f"{key} in {table.where}", known) for name in names)


def named(text: str, where: str, known: directory.Directory) -> str:
    """One of them, as `schedule:…`, `person:…` or `everyone`; else a ValueError that says why."""
    if text == directory.EVERYONE:
        return text
    kind, colon, name = text.partition(":")
    if not colon:
        return _bare(text, where, known)
    groups: Mapping[str, Mapping[str, object]] = {
        "schedule": known.schedules,
        "person": known.people,
    }
    if kind not in groups:
        raise ValueError(f"{where}: “{text}” is neither schedule:… nor person:… nor everyone")
    if name not in groups[kind]:
        hint = toml_fields.near(name, sorted(groups[kind]))
        raise ValueError(f"{where}: there is no {kind} “{name}” {hint}")
    return text


def _bare(name: str, where: str, known: directory.Directory) -> str:
    if name in known.schedules and name in known.people:
        raise ValueError(f"{where}: “{name}” is a schedule and a person: write schedule:{name}")
    if name in known.schedules:
        return f"schedule:{name}"
    if name in known.people:
        return f"person:{name}"
    hint = toml_fields.near(name, sorted({*known.schedules, *known.people}))
    raise ValueError(f"{where}: there is no schedule or person “{name}” {hint}")


def roles(table: toml_fields.Table, known: directory.Directory) -> dict[str, tuple[str, ...]]:
    """What a runbook calls people, and who that is."""
    return {key: whom(table, key, known) for key in table}


def waits(table: toml_fields.Table) -> policy.Waits:
    """How long the watch waits for what."""
    table.only("all_clear", "forgotten", "answer")
    return policy.Waits(
        all_clear=table.duration("all_clear", "5m"),
        forgotten=table.duration("forgotten", "2h"),
        answer=table.duration("answer", "30m"),
    )


def severities(table: toml_fields.Table) -> dict[str, dict[str, model.Urgency]]:
    """Which severities page, by runbook; under "" for all that say nothing of their own."""
    found: dict[str, dict[str, model.Urgency]] = {"": {}}
    for key in table:
        if isinstance(table.raw(key), dict):
            own = table.table(key)
            found[key] = {word: _urgency(own, word) for word in own}
        else:
            found[""][key] = _urgency(table, key)
    return found


def _urgency(table: toml_fields.Table, key: str) -> model.Urgency:
    return model.Urgency(table.one_of(key, [each.value for each in model.Urgency]))
