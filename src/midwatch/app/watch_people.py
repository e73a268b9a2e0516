"""[people] of midwatch.toml: who can be told, and by which ways."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from midwatch.app import toml_fields, watch_addresses
from midwatch.base import lazy
from midwatch.oncall import model

WAY = lazy.pattern(r"(?P<channel>[a-z]+)(?:\s+after\s+(?P<after>\S+))?")
KEYS = ("name", "time_zone", "notify")
NAME = lazy.pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def read(table: toml_fields.Table, configured: Collection[str]) -> dict[str, model.Person]:
    """Everybody, by the name that schedules and policies use."""
    people: dict[str, model.Person] = {}
    for key in table:
        plain_name(key, table.where)
        people[key] = _person(key, table.table(key), configured)
    return people


def plain_name(name: str, where: str) -> None:
    """Refuse a name that could not be typed in a command."""
    if NAME.fullmatch(name) is None:
        raise ValueError(f"“{name[:40]}” in {where}: a name is of letters, digits, - . and _")


def _person(key: str, table: toml_fields.Table, configured: Collection[str]) -> model.Person:
    table.only(*KEYS, *watch_addresses.CHANNELS)
    ways = tuple(_ways(table, configured))
    if not ways:
        raise ValueError(f"{table.where} has no way to be reached: give a notify and an address")
    return model.Person(
        id=key,
        name=table.text("name", key),
        ways=tuple(sorted(ways, key=lambda way: way.after)),
        time_zone=table.zone("time_zone"),
        addresses=tuple(
            (channel, watch_addresses.read(channel, table))
            for channel in watch_addresses.CHANNELS
            if channel in table
        ),
    )


def _ways(table: toml_fields.Table, configured: Collection[str]) -> Iterator[model.Way]:
    """The ways as `notify` orders them; without it all that have an address, at once."""
    written = table.names("notify") or tuple(
        channel for channel in watch_addresses.CHANNELS if channel in table
    )
    for text in written:
        found = WAY.fullmatch(text)
        channel = found["channel"] if found else text
        if found is None or channel not in watch_addresses.CHANNELS:
            hint = toml_fields.near(channel, watch_addresses.CHANNELS)
            raise ValueError(
                f"“{text}” in notify of {table.where} is no way {hint}: write “sms after 5m”"
            )
        if channel not in configured:
            raise ValueError(
                f"{table.where} is told by {channel}, and there is no [channels.{channel}]"
            )
        after = found["after"]
        wait = toml_fields.duration(after, f"notify of {table.where}") if after else NOW
        yield model.Way(channel, watch_addresses.read(channel, table), wait)


NOW = datetime.timedelta()
