"""One table of midwatch.toml, read key by key: what is not understood is an error, not a guess."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from midwatch.app import secret
from midwatch.base import lazy

if TYPE_CHECKING:
    import zoneinfo
else:
    zoneinfo = lazy.module("zoneinfo")

DURATION = lazy.pattern(r"(\d+)\s*(s|m|h|d)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LINE = lazy.pattern(r"[\x00-\x1f\x7f]")


class Table:
    """The fields of one table; every complaint names the table and the key."""

    def __init__(self, where: str, fields: object) -> None:
        if not isinstance(fields, Mapping):
            raise TypeError(f"{where} is no table")
        self.where = where
        self._fields: Mapping[str, Any] = fields

    def only(self, *known: str) -> None:
        """Refuse every key but these, with the one that was probably meant."""
        for key in self._fields:
            if key not in known:
                raise ValueError(f"“{key}” in {self.where} {near(key, known)}")

    def __contains__(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self._fields

    def __iter__(self) -> Iterator[str]:
        """The keys, as they stand in the file."""
        return iter(self._fields)

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text; without a default it must be there."""
        value = self._fields.get(key, default)
        if value is None:
            raise ValueError(f"{self.where} has no {key}")
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise TypeError(f"{key} in {self.where} is text, not {shown(value)}")
        if LINE.search(value):
            raise ValueError(f"{key} in {self.where} is one line without control characters")
        return value.strip()

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text counts as a list of one."""
        value = self._fields.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise TypeError(f"{key} in {self.where} is a list of texts, not {shown(value)}")
        return tuple(each.strip() for each in found)

    def number(self, key: str, default: int, *, least: int = 0) -> int:
        """A whole number."""
        value = self._fields.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"{key} in {self.where} is a whole number from {least} on")
        return value

    def switch(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._fields.get(key, default)
        if not isinstance(value, bool):
            raise TypeError(f"{key} in {self.where} is true or false, not {shown(value)}")
        return value

    def one_of(self, key: str, known: Sequence[str], default: str | None = None) -> str:
        """One of these words."""
        word = self.text(key, default)
        if word not in known:
            raise ValueError(f"{key} in {self.where} is “{word}” {near(word, known)}")
        return word

    def duration(self, key: str, default: str | None = None) -> datetime.timedelta:
        """A length of time such as `15m`."""
        return duration(self.text(key, default), f"{key} in {self.where}")

    def secret(self, key: str) -> secret.Secret:
        """The name of the variable that holds a secret; the secret itself is refused."""
        return secret.read(self.text(key), f"{key} in {self.where}")

    def zone(self, key: str, default: str = "UTC") -> str:
        """The name of a time zone that this machine knows."""
        name = self.text(key, default)
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            hint = near(name, sorted(zoneinfo.available_timezones()), listed=False)
            raise ValueError(
                f"{key} in {self.where}: this machine knows no time zone “{name}” {hint}".rstrip()
            ) from error
        return name

    def moment(self, key: str, zone: str) -> datetime.datetime:
        """A moment: `2026-11-23T09:00`, or a day; in that zone where it has none of its own."""
        value = self._fields.get(key)
        if isinstance(value, str):
            value = _written(value)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            value = datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001  (below)
        if not isinstance(value, datetime.datetime):
            problem = "is missing" if key not in self._fields else "is no moment"
            raise TypeError(f"{key} in {self.where} {problem}: write it as 2026-11-23T09:00:00")
        return value if value.tzinfo else value.replace(tzinfo=zoneinfo.ZoneInfo(zone))

    def table(self, key: str) -> Table:
        """A table within this one; empty where it is not written."""
        inner, bracket, _ = self.where.rpartition("]")
        where = f"{inner}.{key}]" if bracket else f"[{key}]"
        return Table(where, self._fields.get(key, {}))

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables: `[[schedules.primary.rotations]]`, numbered from 1."""
        value = self._fields.get(key, [])
        if not isinstance(value, list):
            raise TypeError(f"{key} in {self.where} is a list of tables")
        return tuple(
            Table(f"{key} {number} of {self.where}", each)
            for number, each in enumerate(value, start=1)
        )

    def raw(self, key: str) -> object:
        """Whatever stands there."""
        return self._fields.get(key)


def duration(text: str, where: str) -> datetime.timedelta:
    """The length of time that the text says."""
    found = DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{where} is “{text}”, which is no length of time: write it as 15m")
    try:
        return datetime.timedelta(**{UNITS[found[2]]: int(found[1])})
    except OverflowError as error:
        raise ValueError(f"{where} is longer than time itself") from error


def near(word: str, known: Sequence[str], *, listed: bool = True) -> str:
    """What was probably meant, else what there is."""
    found = difflib.get_close_matches(word, known, n=1)
    if found:
        return f"(did you mean {found[0]}?)"
    return f"(known: {', '.join(known) or 'none'})" if listed else ""


def shown(value: object) -> str:
    """A value as an error shows it, shortened; never a secret, which is text."""
    if value == "":
        return "empty"
    return KINDS.get(type(value), "something else")


KINDS: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def _written(text: str) -> object:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
