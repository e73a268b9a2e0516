"""Small things that stand until somebody changes them: remediation is paused, by whom and why."""

from __future__ import annotations

import datetime

from midwatch.db import moments, store

SET = """
insert into standing (name, value, at, by_whom) values (:name, :value, :at, :by)
on conflict (name) do update
set value = excluded.value, at = excluded.at, by_whom = excluded.by_whom
"""
GET = "select value from standing where name = :name"
END = "delete from standing where name = :name"


def get(where: store.Store, name: str) -> str:
    """What stands under that name; nothing where nothing does."""
    rows = where.rows(GET, {"name": name})
    return str(rows[0][0]) if rows else ""


def setting(name: str, value: str, by: str, at: datetime.datetime) -> store.Statement:
    """Let it stand."""
    return (SET, {"name": name, "value": value, "by": by, "at": moments.write(at)})


def ending(name: str) -> store.Statement:
    """Let it stand no more."""
    return (END, {"name": name})
