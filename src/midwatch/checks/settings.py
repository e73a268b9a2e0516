"""What `[check]` in `midwatch.toml` says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from midwatch.base import errors, shape
from midwatch.checks import model, selection

KEYS = frozenset(
    {
        "select",
        "ignore",
        "severity",
        "fail-on",
        "baseline",
        "rules",
        "rule-pages",
        "exclude",
        "per-path",
        "proofs",
    }
)
DAYS = re.compile(r"([1-9][0-9]{0,4})d")


@shape.frozen
class Settings:
    """How a team wants to be checked."""

    selection: selection.Selection = dataclasses.field(default_factory=selection.Selection)
    fail_on: model.Severity = model.Severity.ERROR
    baseline: str | None = None
    rule_files: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rule_pages: str = ""
    """The address below which a team reads the pages of docs/rules."""
    proofs: int | None = None
    """After how many days a proof is stale; without it proofs are not looked at."""


def read(table: Mapping[str, object], name: str) -> Settings:
    """The settings of a `[check]` table; a key it does not know is an error, not a shrug."""
    unknown = sorted(set(table) - KEYS)
    if unknown:
        raise errors.UserError(
            f"{name} has `{unknown[0]}` under [check], which Midwatch does not know.",
            f"It knows {', '.join(sorted(KEYS))}.",
        )
    severities = table.get("severity", {})
    if not isinstance(severities, Mapping):
        raise errors.UserError(f"{name}: [check.severity] must be a table of rule = severity.")
    baseline = table.get("baseline")
    return Settings(
        selection=selection.Selection(
            select=words(table, "select", name) or ("all",),
            ignore=words(table, "ignore", name),
            severity={str(rule): severity(level, name) for rule, level in severities.items()},
            exceptions=exceptions(table.get("per-path", []), name),
        ),
        fail_on=severity(table.get("fail-on", "error"), name),
        baseline=None if baseline is None else str(baseline),
        rule_files=words(table, "rules", name),
        exclude=words(table, "exclude", name),
        rule_pages=address(table.get("rule-pages", ""), name),
        proofs=days(table["proofs"], name) if "proofs" in table else None,
    )


def days(value: object, name: str) -> int:
    """How many days `90d` are."""
    found = DAYS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise errors.UserError(
            f"{name}: `proofs` under [check] is `{value}`, which is no number of days.",
            'Write it as proofs = "90d".',
        )
    return int(found[1])


def exceptions(tables: object, name: str) -> tuple[selection.PathException, ...]:
    """The `[[check.per-path]]` tables."""
    if not isinstance(tables, list):
        raise errors.UserError(f"{name}: write [[check.per-path]] with two brackets.")
    return tuple(
        selection.PathException(words(table, "paths", name), words(table, "ignore", name))
        for table in tables
    )


def address(value: object, name: str) -> str:
    """An address, or nothing."""
    if value == "" or (isinstance(value, str) and re.match(r"https?://\S+$", value)):
        return str(value)
    raise errors.UserError(
        f"{name}: `rule-pages` must be an address.", 'Write "https://git.example/docs/rules".'
    )


def words(table: Mapping[str, object], key: str, name: str) -> tuple[str, ...]:
    """A list of strings in the table, or one string that stands for a list of one."""
    value = table.get(key, [])
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise errors.UserError(f"{name}: `{key}` must be a list of strings.")


def severity(value: object, name: str) -> model.Severity:
    """A severity by its name."""
    try:
        return model.Severity(str(value))
    except ValueError as error:
        raise errors.UserError(
            f"{name}: `{value}` is no severity.", "Severities are error, warning and info."
        ) from error
