"""What is done regularly: which ticks are due, told once each, with those that were missed."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.db import moments, named, store

if TYPE_CHECKING:
    import cronsim
else:
    cronsim = lazy.module("cronsim")

QUERIES = named.load(Path(__file__).with_name("periodic.sql"))
WORDS = {
    "hourly": "0 * * * *",
    "daily": "0 9 * * *",
    "weekly": "0 9 * * 1",
    "monthly": "0 9 1 * *",
    "quarterly": "0 9 1 1,4,7,10 *",
    "yearly": "0 9 1 1 *",
}
MOST = 1000
"""More missed ticks than this are not counted one by one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Periodic:
    """A procedure that somebody opted into, and when it is due."""

    name: str
    address: str
    """RUNBOOK#PROCEDURE."""
    cron: str
    """A cron expression, or a word of WORDS."""
    time_zone: str = "UTC"
    whom: str = ""
    """Who is told: `schedule:primary`, `person:ana`."""
    target: str = ""
    runs: bool = False
    """Midwatch carries it out by itself, under the policy; else a person does."""


@dataclasses.dataclass(frozen=True, slots=True)
class Tick:
    """It is due, and so many earlier times went by while nobody watched."""

    due_at: datetime.datetime
    missed: int = 0


def due(each: Periodic, last: datetime.datetime, now: datetime.datetime) -> Tick | None:
    """The latest tick after `last` that is due; earlier ones are counted, never caught up."""
    zone = zoneinfo.ZoneInfo(each.time_zone)
    ticks = cronsim.CronSim(WORDS.get(each.cron, each.cron), last.astimezone(zone))
    found: datetime.datetime | None = None
    count = 0
    for tick in ticks:
        moment = tick.astimezone(datetime.UTC)
        if moment > now or count >= MOST:
            break
        found, count = moment, count + 1
    return Tick(found, count - 1) if found else None


def last(where: store.Store, name: str) -> datetime.datetime | None:
    """The latest tick that was told."""
    rows = where.rows(QUERIES["last"], {"name": name})
    return moments.read_maybe(rows[0][0])


def ticking(each: Periodic, tick: Tick, incident: str, now: datetime.datetime) -> store.Statement:
    """It is told: the key lets no tick be told twice."""
    values = {
        "name": each.name,
        "due_at": moments.write(tick.due_at),
        "at": moments.write(now),
        "missed": tick.missed,
        "incident": incident,
    }
    return (QUERIES["tick"], values)
