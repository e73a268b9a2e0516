"""[schedules] of midwatch.toml: rotations and overrides, in one time zone each."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from midwatch.app import toml_fields, watch_people
from midwatch.base import lazy
from midwatch.guards import hours
from midwatch.oncall import model

EVERY = lazy.pattern(r"(?:(\d{1,3})\s+)?(day|week)s?")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORDS = {"weekdays": DAYS[:5], "weekend": DAYS[5:]}


def read(table: toml_fields.Table, people: Collection[str]) -> dict[str, model.Schedule]:
    """Every schedule, by its name."""
    found: dict[str, model.Schedule] = {}
    for key in table:
        watch_people.plain_name(key, table.where)
        found[key] = _schedule(key, table.table(key), people)
    return found


def _schedule(key: str, table: toml_fields.Table, people: Collection[str]) -> model.Schedule:
    table.only("time_zone", "rotations", "overrides")
    zone = table.zone("time_zone")
    rotations = tuple(_rotation(each, zone, people) for each in table.tables("rotations"))
    overrides = tuple(_override(each, zone, people) for each in table.tables("overrides"))
    if not rotations and not overrides:
        raise ValueError(f"{table.where} has nobody on it: give it [[schedules.{key}.rotations]]")
    return model.Schedule(key, zone, rotations, overrides)


def _rotation(table: toml_fields.Table, zone: str, people: Collection[str]) -> model.Rotation:
    table.only("people", "starts", "every", "hours", "days")
    names = table.names("people")
    if not names:
        raise ValueError(f"{table.where} has nobody on it: give it people")
    for name in names:
        known(name, people, table.where)
    window = _window(table)
    starts = table.moment("starts", zone)
    if window is not None and not isinstance(table.raw("starts"), datetime.datetime):
        starts = _from_the_window(table, starts, window)
    return model.Rotation(names, starts, _every(table), window, _weekdays(table))


def _from_the_window(
    table: toml_fields.Table, starts: datetime.datetime, window: tuple[int, int]
) -> datetime.datetime:
    """A day without a time of its own: turns change when the hours begin, not within a night."""
    if len(str(table.raw("starts"))) > len("2026-11-23"):
        return starts
    return starts.replace(hour=window[0] // 60 % 24, minute=window[0] % 60)


def _every(table: toml_fields.Table) -> int:
    text = table.text("every", "1 week")
    found = EVERY.fullmatch(text)
    number = int(found[1] or 1) if found else 0
    if found is None or number == 0:
        raise ValueError(f"every in {table.where} is “{text}”: write 1 week, 2 weeks or 3 days")
    return number * (7 if found[2] == "week" else 1)


def _window(table: toml_fields.Table) -> tuple[int, int] | None:
    if "hours" not in table:
        return None
    try:
        found = hours.read(table.text("hours"), datetime.UTC)
    except ValueError as error:
        raise ValueError(f"{table.where}: {error}") from error
    return (found.begin, found.end)


def _weekdays(table: toml_fields.Table) -> frozenset[int]:
    if "days" not in table:
        return frozenset(range(7))
    numbers: set[int] = set()
    for word in table.names("days"):
        days = WORDS.get(word.lower(), (word.lower()[:3],))
        if not set(days) <= set(DAYS) or (word.lower() not in WORDS and not _is_day(word)):
            known_words = ", ".join((*DAYS, *WORDS))
            raise ValueError(f"days in {table.where}: “{word}” is no day (known: {known_words})")
        numbers.update(DAYS.index(day) for day in days)
    if not numbers:
        raise ValueError(f"days in {table.where} names no day")
    return frozenset(numbers)


FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _is_day(word: str) -> bool:
    return any(word.lower() in {short, full} for short, full in zip(DAYS, FULL, strict=True))


def _override(table: toml_fields.Table, zone: str, people: Collection[str]) -> model.Override:
    table.only("person", "from", "to", "reason")
    person = table.text("person", "")
    if person:
        known(person, people, table.where)
    starts, ends = table.moment("from", zone), table.moment("to", zone)
    if starts >= ends:
        raise ValueError(f"{table.where} ends before it begins")
    return model.Override(person, starts, ends, table.text("reason", ""))


def known(name: str, people: Collection[str], where: str) -> None:
    """Refuse the name of somebody who is not in [people]."""
    if name not in people:
        hint = toml_fields.near(name, sorted(people))
        raise ValueError(f"{where} names “{name}”, who is not in [people] {hint}")
