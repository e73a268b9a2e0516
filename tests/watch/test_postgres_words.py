"""Every query of the watch is one that Postgres understands, not SQLite alone."""

from __future__ import annotations

import re
from pathlib import Path

from tests.smoke.servers import conftest as servers

import midwatch
from midwatch.alerts import accepting
from midwatch.db import named, store

place, postgres = servers.place, servers.postgres
FOLDER = Path(midwatch.__file__).parent
NAME = re.compile(r"(?<![:\w]):(\w+)")


def queries() -> dict[str, str]:
    """All of them, by file and name."""
    rooms = ("access", "alerts", "incidents")
    files = [path for room in rooms for path in FOLDER.glob(f"{room}/*.sql")]
    found = {
        f"{path.stem}: {name}": query for path in files for name, query in named.load(path).items()
    }
    return found | {"accepting": accepting._query(1)}


def test_every_query_is_understood_by_postgres(postgres: str) -> None:
    where = store.connect(postgres)
    for name, query in queries().items():
        values = dict.fromkeys(NAME.findall(query), "1")
        assert where.rows(f"explain {query}", values), name
    where.close()
