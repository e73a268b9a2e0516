"""Signs of life: what has not given one in time is an alert."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("heartbeats.sql"))


def beating(name: str, by: str, now: datetime.datetime) -> store.Statement:
    """It lives."""
    return (QUERIES["beat"], {"name": name, "by": by, "at": moments.write(now)})


def latest(where: store.Store) -> Mapping[str, datetime.datetime]:
    """When each was last heard of."""
    return {row[0]: moments.read(row[1]) for row in where.rows(QUERIES["list"])}
