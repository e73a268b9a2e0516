"""Which reader judges which language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from midwatch.commands import judging
from midwatch.commands.embedded import cql, javascript, redis, request, sql

READERS: Mapping[str, Callable[[str], judging.Verdict]] = {
    "sql": sql.verdict,
    "mysql": sql.mysql_verdict,
    "clickhouse": sql.clickhouse_verdict,
    "cql": cql.verdict,
    "redis": redis.verdict,
    "javascript": javascript.verdict,
    "request": request.verdict,
}


def verdict(language: str, text: str) -> judging.Verdict:
    """What a text in that language does; a language nobody reads is unknown."""
    reader = READERS.get(language)
    if reader is None:
        return judging.unknown("it runs a program that Midwatch cannot read")
    return reader(text)
