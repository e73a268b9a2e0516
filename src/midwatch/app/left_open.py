"""What stands open when a watch ends, where no other one can keep it."""

from __future__ import annotations

from midwatch.app import serving
from midwatch.db import store
from midwatch.incidents import lists


def count(setup: serving.Setup) -> int:
    """Incidents that are not resolved; 0 in a shared database, where another watch may go on."""
    if setup.file is None or not setup.file.exists():
        return 0
    where = store.connect(setup.url)
    found = sum(lists.counts(where).values())
    where.close()
    return found
