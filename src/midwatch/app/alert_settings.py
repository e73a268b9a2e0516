"""[alerts] of midwatch.toml: grouping, inhibition, flapping, storms."""

from __future__ import annotations

import datetime

from midwatch.alerts import matching, rules
from midwatch.app import toml_fields
from midwatch.base import errors


def read(table: toml_fields.Table) -> rules.Rules:
    """The rules; what is left out stays as it is by default."""
    table.only("group_by", "quiet_severities", "inhibit", "flapping", "storm")
    usual = rules.Rules()
    quiet = frozenset(word.lower() for word in table.names("quiet_severities"))
    return rules.Rules(
        group_by=table.names("group_by") or usual.group_by,
        inhibitions=tuple(_inhibition(each) for each in table.tables("inhibit")),
        flapping=_flapping(table.table("flapping"), usual.flapping),
        storm=_storm(table.table("storm"), usual.storm),
        quiet_severities=quiet if "quiet_severities" in table else usual.quiet_severities,
    )


def _inhibition(table: toml_fields.Table) -> rules.Inhibition:
    table.only("source", "target", "equal")
    return rules.Inhibition(
        _matchers(table, "source"), _matchers(table, "target"), table.names("equal")
    )


def _matchers(table: toml_fields.Table, key: str) -> tuple[matching.Matcher, ...]:
    written = table.names(key)
    if not written:
        raise ValueError(f"{table.where} has no {key}: it would be about every alert")
    try:
        return tuple(matching.parse(each) for each in written)
    except errors.UserError as error:
        raise ValueError(f"{key} in {table.where}: {error.message} {error.hint}") from error


def _flapping(table: toml_fields.Table, usual: rules.Flapping) -> rules.Flapping:
    table.only("times", "within")
    within = _within(table, "within", usual.within)
    return rules.Flapping(table.number("times", usual.times, least=1), within)


def _storm(table: toml_fields.Table, usual: rules.Storm) -> rules.Storm:
    table.only("incidents", "within", "quiet")
    return rules.Storm(
        table.number("incidents", usual.incidents, least=1),
        _within(table, "within", usual.within),
        _within(table, "quiet", usual.quiet),
    )


def _within(table: toml_fields.Table, key: str, usual: datetime.timedelta) -> datetime.timedelta:
    return table.duration(key) if key in table else usual
