"""What need not be kept for ever: messages whose alerts are over, refusals, the record of calls.

Alerts that somebody heard of, incidents, their timelines and messages stay.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from midwatch.db import moments, named, store

QUERIES = named.load(Path(__file__).with_name("forgetting.sql"))


def messages(where: store.Store, before: datetime.datetime, limit: int) -> int:
    """Forget some messages that were last seen before then; how many those were."""
    values = {"before": moments.write(before), "limit": limit}
    found = [{"id": row[0]} for row in where.rows(QUERIES["old messages"], values)]
    if found:
        where.write((QUERIES["forget message"], found))
    return len(found)


def records(where: store.Store, before: datetime.datetime, now: datetime.datetime) -> None:
    """Forget refusals, calls, ticks, and ends without a start from before then.

    What a person called over long ago, and its source never ended nor repeated, counts as over.
    """
    values = {"before": moments.write(before)}
    where.write(
        (QUERIES["forget refusals"], values),
        (QUERIES["forget audit"], values),
        (QUERIES["forget never started"], values),
        (QUERIES["forget ticks"], values),
        (QUERIES["end unheard"], {**values, "now": moments.write(now)}),
    )
