"""Silences on disk."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from midwatch.alerts import matching, silences
from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("silence_store.sql"))


def adding(silence: silences.Silence) -> store.Statement:
    """Write a silence down."""
    values = {
        "id": silence.id,
        "created_at": moments.write(silence.created_at),
        "created_by": silence.created_by,
        "reason": silence.reason,
        "matchers": json.dumps([str(matcher) for matcher in silence.matchers]),
        "starts_at": moments.write(silence.starts_at),
        "ends_at": moments.write(silence.ends_at),
    }
    return (QUERIES["add silence"], values)


def is_known(where: store.Store, silence: str) -> bool:
    """Whether a silence of that id was written down."""
    return bool(where.rows(QUERIES["known"], {"id": silence}))


def holding(where: store.Store, now: datetime.datetime) -> list[silences.Silence]:
    """The silences that hold, or will."""
    values = {"now": moments.write(now)}
    return [_silence(*row) for row in where.rows(QUERIES["silences"], values)]


def over(where: store.Store, now: datetime.datetime) -> list[silences.Silence]:
    """The silences that ended, and nobody was told so yet."""
    values = {"now": moments.write(now)}
    return [_silence(*row) for row in where.rows(QUERIES["over and untold"], values)]


def told(ended: Sequence[silences.Silence]) -> store.Statement:
    """Their end has been told."""
    return (QUERIES["told"], [{"id": each.id} for each in ended])


def ending(silence: str, now: datetime.datetime) -> store.Statement:
    """End a silence before its time."""
    return (QUERIES["end silence"], {"id": silence, "now": moments.write(now)})


def _silence(*row: Any) -> silences.Silence:  # noqa: ANN401  (columns of the query)
    return silences.Silence(
        id=row[0],
        created_at=moments.read(row[1]),
        created_by=row[2],
        reason=row[3],
        matchers=tuple(matching.parse(text) for text in json.loads(row[4])),
        starts_at=moments.read(row[5]),
        ends_at=moments.read(row[6]),
    )
