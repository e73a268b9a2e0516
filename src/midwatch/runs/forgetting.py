"""Take a run off the record: only of what says nothing that the next one does not say."""

from __future__ import annotations

from pathlib import Path

from midwatch.db import database, named

QUERIES = named.load(Path(__file__).with_name("forgetting.sql"))


def forget(where: database.Database, run_id: str) -> None:
    """Forget everything of the run in one transaction."""
    where.write(*((query, {"run_id": run_id}) for query in QUERIES.values()))
