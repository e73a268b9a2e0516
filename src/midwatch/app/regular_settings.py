"""What midwatch.toml says of what comes by itself: heartbeats, windows, regular tasks, probes."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from midwatch.alerts import matching, missed_heartbeats, procedure_probes, windows
from midwatch.app import probe_settings, status_settings, toml_fields, watch_escalation
from midwatch.base import errors, lazy
from midwatch.incidents import periodic, remediation
from midwatch.oncall import directory

if TYPE_CHECKING:
    import cronsim
else:
    cronsim = lazy.module("cronsim")

LONGEST_WINDOW = windows.BACK
CLOCK = ("%H:%M", "from-to such as 09:00-17:00")


@dataclasses.dataclass(frozen=True, slots=True)
class Regular:
    """All of it."""

    heartbeats: tuple[missed_heartbeats.Heartbeat, ...] = ()
    windows: tuple[windows.Window, ...] = ()
    periodic: tuple[periodic.Periodic, ...] = ()
    remediations: tuple[remediation.Rule, ...] = ()
    addresses: tuple[probe_settings.OfAddress, ...] = ()
    procedure_probes: tuple[procedure_probes.ProcedureProbe, ...] = ()
    rules_every: datetime.timedelta | None = None
    """How often the runbooks' own rules are asked; None where another engine does that."""
    status_page: status_settings.StatusPage | None = None


def read(data: Mapping[str, Any], people: directory.Directory | None = None) -> Regular:
    """What the whole file says of it; a slip is a ValueError or a TypeError."""
    known = people or directory.Directory()
    root = toml_fields.Table("midwatch.toml", data)
    rules = toml_fields.Table("[rules]", data.get("rules", {}))
    rules.only("evaluate", "every")
    evaluates = rules.switch("evaluate")
    looks = [
        probe_settings.read(name, toml_fields.Table(f"[probes.{name}]", fields))
        for name, fields in _named(data, "probes")
    ]
    return Regular(
        heartbeats=tuple(
            _heartbeat(name, toml_fields.Table(f"[heartbeats.{name}]", fields))
            for name, fields in _named(data, "heartbeats")
        ),
        windows=tuple(_window(each, known) for each in root.tables("windows")),
        periodic=tuple(_periodic(each, known) for each in root.tables("periodic")),
        remediations=tuple(_remediation(each) for each in root.tables("remediation")),
        addresses=tuple(each for each in looks if isinstance(each, tuple)),
        procedure_probes=tuple(each for each in looks if not isinstance(each, tuple)),
        rules_every=rules.duration("every", "15s") if evaluates else None,
        status_page=status_settings.read(root.table("status_page"))
        if "status_page" in root
        else None,
    )


def _named(data: Mapping[str, Any], key: str) -> list[tuple[str, object]]:
    fields = data.get(key, {})
    if not isinstance(fields, Mapping):
        raise TypeError(f"[{key}] holds tables with names, such as [{key}.backup]")
    return list(fields.items())


def _heartbeat(name: str, table: toml_fields.Table) -> missed_heartbeats.Heartbeat:
    table.only("every", "severity", "runbook_url")
    every = table.duration("every")
    if not every:
        raise ValueError(f"every in {table.where} is a length of time, such as 25h")
    return missed_heartbeats.Heartbeat(
        name, every, table.text("severity", "critical"), table.text("runbook_url", "")
    )


def _window(table: toml_fields.Table, known: directory.Directory) -> windows.Window:
    table.only(
        *("title", "match", "starts", "cron", "for", "time_zone", "by", "prepare", "after"),
    )
    lasting = table.duration("for")
    if not datetime.timedelta() < lasting <= LONGEST_WINDOW:
        raise ValueError(f"for in {table.where} is at most {LONGEST_WINDOW.days} days")
    if ("starts" in table) == ("cron" in table):
        raise ValueError(f"{table.where} says either starts or cron")
    zone = table.zone("time_zone")
    by = table.text("by", "")
    if by and by not in known.people:
        hint = toml_fields.near(by, sorted(known.people))
        raise ValueError(f"by in {table.where}: there is no person “{by}” {hint}")
    return windows.Window(
        title=table.text("title"),
        matchers=_matchers(table),
        lasting=lasting,
        starts=table.moment("starts", zone) if "starts" in table else None,
        cron=_cron(table, "cron") if "cron" in table else "",
        time_zone=zone,
        by=by or "midwatch.toml",
        prepare=_address(table, "prepare"),
        after=_address(table, "after"),
    )


def _matchers(table: toml_fields.Table) -> tuple[matching.Matcher, ...]:
    texts = table.names("match")
    if not texts:
        raise ValueError(f"{table.where} has no match: which alerts belong to the work?")
    try:
        return tuple(matching.parse(text) for text in texts)
    except errors.UserError as error:
        raise ValueError(f"match in {table.where}: {error.message} {error.hint}") from error


def _periodic(table: toml_fields.Table, known: directory.Directory) -> periodic.Periodic:
    table.only("name", "procedure", "every", "time_zone", "notify", "target", "run")
    whom = table.text("notify", "")
    if whom:
        whom = watch_escalation.named(whom, f"notify in {table.where}", known)
    return periodic.Periodic(
        name=table.text("name"),
        address=_address(table, "procedure", needed=True),
        cron=_cron(table, "every"),
        time_zone=table.zone("time_zone"),
        whom=whom,
        target=table.text("target", ""),
        runs=table.switch("run"),
    )


def _cron(table: toml_fields.Table, key: str) -> str:
    text = table.text(key)
    if text in periodic.WORDS:
        return text
    try:
        cronsim.CronSim(text, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    except cronsim.CronSimError as error:
        words = ", ".join(periodic.WORDS)
        raise ValueError(
            f"{key} in {table.where} is “{text}”: a cron expression or one of {words}"
        ) from error
    return text


def _address(table: toml_fields.Table, key: str, *, needed: bool = False) -> str:
    text = table.text(key) if needed else table.text(key, "")
    path, _, procedure = text.partition("#")
    if text and not (path and procedure):
        raise ValueError(f"{key} in {table.where} is RUNBOOK#PROCEDURE, not “{text}”")
    return text


def _remediation(table: toml_fields.Table) -> remediation.Rule:
    table.only("procedure", "target", "hours", "at_most_an_hour", "breaker", "same_a_day")
    return remediation.Rule(
        procedure=_address(table, "procedure", needed=True),
        target=table.text("target"),
        hours=_hours(table) if "hours" in table else None,
        at_most=table.number("at_most_an_hour", 1, least=1),
        breaker=table.number("breaker", 2, least=1),
        same_within=table.number("same_a_day", 3, least=1),
    )


def _hours(table: toml_fields.Table) -> tuple[int, int]:
    """`09:00-17:00` as minutes after midnight."""
    begins, _, ends = table.text("hours").partition("-")
    form, wanted = CLOCK
    try:
        parsed = [datetime.datetime.strptime(each.strip(), form) for each in (begins, ends)]  # noqa: DTZ007  (a time of day)
    except ValueError as error:
        raise ValueError(f"hours in {table.where} is {wanted} (UTC)") from error
    first, second = (each.hour * 60 + each.minute for each in parsed)
    return first, second
