"""Answers that were given from elsewhere, until whoever carries the run out takes them over.

Nobody but the owner of a run writes to its journal; what is said from another terminal, a page or
a channel waits here. Each answer is good once: taking it over and the event that it becomes are one
transaction.
"""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from midwatch.db import database, named
from midwatch.runs import answers

QUERIES = named.load(Path(__file__).with_name("answer_book.sql"))


def give(where: database.Database, run_id: str, bound: str, given: answers.Given) -> None:
    """Write an answer down."""
    fields = dataclasses.asdict(given) | {"at": given.at.isoformat()}
    where.write((QUERIES["give"], {**fields, "run_id": run_id, "bound": bound}))


def given(where: database.Database, run_id: str, bound: str) -> list[answers.Given]:
    """The answers to exactly this that nobody took over yet, the first one first."""
    rows = where.rows(QUERIES["given"], (run_id, bound))
    return [
        answers.Given(datetime.datetime.fromisoformat(at), actor, account, said, note, number)
        for number, at, said, note, actor, account in rows
    ]


def take(number: int) -> database.Statement:
    """What marks the answer as used up."""
    return QUERIES["take"], (number,)
