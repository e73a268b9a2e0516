"""Short ids that sort by time and can be read out over a phone."""

from __future__ import annotations

import datetime
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def run_id(now: datetime.datetime) -> str:
    """A new run's id, such as `1122-0314-k7qm`: month and day, hour and minute, four random."""
    return f"{now:%m%d-%H%M}-{_random()}"


def incident_id(now: datetime.datetime) -> str:
    """A new incident's id, such as `I1122-0314-k7qmx`: a storm opens many in one minute."""
    return f"I{now:%m%d-%H%M}-{_random(5)}"


def silence_id(now: datetime.datetime) -> str:
    """A new silence's id, such as `S1122-0314-k7qm`."""
    return f"S{now:%m%d-%H%M}-{_random()}"


def _random(length: int = 4) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
