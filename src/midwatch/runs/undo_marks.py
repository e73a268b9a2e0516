"""Which runs were taken back, by which runs, and what came of that."""

from __future__ import annotations

import json
from pathlib import Path

from midwatch.base import shape
from midwatch.db import database, named
from midwatch.runs import model

QUERIES = named.load(Path(__file__).with_name("undo_marks.sql"))


@shape.frozen
class Mark:
    """The run that takes another one back, and where it stands."""

    run_id: str
    outcome: model.Outcome


def of(where: database.Database, run_id: str) -> Mark | None:
    """What is known of the run's latest undo; None where there was none."""
    for (payload,) in where.rows(QUERIES["marks"], (run_id,)):
        undo = str(json.loads(payload)["run"])
        rows = where.rows(QUERIES["outcome"], (undo,))
        return Mark(undo, model.Outcome(rows[0][0]) if rows else model.Outcome.INTERRUPTED)
    return None
