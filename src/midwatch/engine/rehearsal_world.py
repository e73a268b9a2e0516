"""What a rehearsal needs from whoever puts it together."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from midwatch.base import clock
from midwatch.drills import decide, model, store
from midwatch.plugs.drills import alerts, commands, probing


class Arm(Protocol):
    """Whoever deals with the fault."""

    @property
    def run_id(self) -> str:
        """The run on record, where there is one."""

    @property
    def first_step(self) -> str | None:
        """What was begun first, once anything was."""

    @property
    def outcome(self) -> str | None:
        """How it ended, once it has."""

    def prepare(self) -> None:
        """Get ready; nothing is changed yet."""

    def begin(self) -> None:
        """Set to work."""

    def stop(self) -> None:
        """Leave it, and leave nothing running."""


class Listener(Protocol):
    """Whoever shows what happens."""

    def happened(self, rehearsal: model.Rehearsal, event: model.Event) -> None:
        """Something was written down."""

    def doing(self, rehearsal: model.Rehearsal, wait: decide.Wait, now: float) -> None:
        """This is what is waited for."""

    def looked(self, rehearsal: model.Rehearsal, look: model.Look) -> None:
        """The probe said this."""


class Interruption:
    """Whether a person asked to leave."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self) -> None:
        """Somebody pressed Ctrl-C."""
        self.asked = True


@dataclasses.dataclass(frozen=True, slots=True)
class World:
    """Everything outside one rehearsal."""

    drill_id: str
    store: store.Store
    clock: clock.Clock
    folder: Path
    """Where the commands of the faults file run."""
    environment: Mapping[str, str]
    logs: Path
    probes: Mapping[str, probing.Probe]
    alerts: alerts.Alerts | None
    listener: Listener
    interruption: Interruption

    def place(self, number: int, what: str) -> commands.Place:
        """Where one command of a rehearsal runs."""
        return commands.Place(
            folder=self.folder,
            environment=self.environment,
            output=self.logs / f"{number:03}-{what}.log",
            mark=mark(self.drill_id, number, what),
        )

    def now(self) -> datetime.datetime:
        """The wall clock."""
        return self.clock.now()


def mark(drill_id: str, number: int, what: str) -> str:
    """What the processes of one command carry, so that they are found after a crash."""
    return f"{drill_id}/{number}/{what}"
