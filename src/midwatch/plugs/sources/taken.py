"""What was read from one message of a source."""

from __future__ import annotations

import dataclasses

from midwatch.alerts import model


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """The alerts of a message; what is wrong with one of them does not lose the others."""

    alerts: tuple[model.Alert, ...]
    refused: tuple[str, ...] = ()
    """A sentence for each alert that was left out."""
    notes: tuple[str, ...] = ()
    """What its sender should know: clocks that differ, alerts that were cut off on the way."""
