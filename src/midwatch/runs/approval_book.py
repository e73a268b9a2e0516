"""Yeses that were given from elsewhere, until whoever carries the run out takes them over.

Nobody but the owner of a run writes to its journal; a yes from another terminal waits here.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from midwatch.db import database, named
from midwatch.runs import approvals

QUERIES = named.load(Path(__file__).with_name("approval_book.sql"))


def give(where: database.Database, run_id: str, bound: str, given: approvals.Given) -> None:
    """Write a yes down."""
    values = {
        "run_id": run_id,
        "at": given.at.isoformat(),
        "bound": bound,
        "actor": given.actor,
        "account": given.account,
    }
    where.write((QUERIES["give"], values))


def given(where: database.Database, run_id: str, bound: str) -> list[approvals.Given]:
    """The yeses to exactly this, the first one first."""
    rows = where.rows(QUERIES["given"], (run_id, bound))
    return [
        approvals.Given(datetime.datetime.fromisoformat(at), actor, account)
        for at, actor, account in rows
    ]
