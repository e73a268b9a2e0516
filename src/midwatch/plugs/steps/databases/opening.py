"""From a target's URL to a connection; a driver that is not installed is named with its extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING

from midwatch.base import errors, lazy
from midwatch.plugs.steps.databases import model

if TYPE_CHECKING:
    from midwatch.plugs.steps.databases import clickhouse, mysql, postgres, sqlite
else:
    clickhouse = lazy.module("midwatch.plugs.steps.databases.clickhouse")
    mysql = lazy.module("midwatch.plugs.steps.databases.mysql")
    postgres = lazy.module("midwatch.plugs.steps.databases.postgres")
    sqlite = lazy.module("midwatch.plugs.steps.databases.sqlite")

DIALECTS: Mapping[str, str] = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "clickhouse": "clickhouse",
    "clickhouses": "clickhouse",
}
"""The dialect that each scheme of a URL speaks."""
DRIVERS: Mapping[str, tuple[str, str, str]] = {
    "postgres": ("psycopg", "postgres", "PostgreSQL"),
    "mysql": ("pymysql", "mysql", "MySQL"),
}


def dialect(url: str) -> str | None:
    """What the database of that URL speaks; nothing where Midwatch does not know it."""
    return DIALECTS.get(url.partition("://")[0].lower())


def require(url: str) -> None:
    """Raise where the driver of that database is not installed."""
    driver = DRIVERS.get(dialect(url) or "")
    if driver is None:
        return
    module, extra, name = driver
    if importlib.util.find_spec(module) is None:
        raise errors.MissingError(
            f"The driver for {name} is not installed.", f"Install it: pip install midwatch[{extra}]"
        )


def connect(url: str) -> model.Database:
    """A connection to the database of that URL."""
    require(url)
    match dialect(url):
        case "postgres":
            return postgres.Database(url)
        case "mysql":
            return mysql.Database(url)
        case "sqlite":
            return sqlite.Database(url)
        case "clickhouse":
            return clickhouse.Database(url)
    scheme = url.partition("://")[0]
    raise errors.UserError(f"Midwatch knows no database whose URL begins with “{scheme}”.")
