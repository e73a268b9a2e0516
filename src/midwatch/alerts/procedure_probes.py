"""Procedures that look: reads of a runbook that the watch carries out again and again."""

from __future__ import annotations

import dataclasses
import datetime
import urllib.parse
from collections.abc import Mapping
from typing import TypeAlias

from midwatch.alerts import probes


@dataclasses.dataclass(frozen=True, slots=True)
class ProcedureProbe:
    """A probe whose look is a run of a procedure that only reads."""

    probe: probes.Probe
    address: str
    """RUNBOOK#PROCEDURE."""
    target: str = ""
    """Where it looks; empty stands for the watch's own target."""
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Last:
    """The look that was asked for last."""

    asked_at: datetime.datetime
    goes_on: bool
    missed: int
    """How many ticks were told as missed while it went on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """It is not time yet."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """Look now."""

    missed: int = 0
    """Ticks at which nobody was there to look; they are not caught up."""


@dataclasses.dataclass(frozen=True, slots=True)
class Miss:
    """It is time, and the look before still goes on: two of a probe never run at once."""

    missed: int
    """While this look went on."""
    blind: bool
    """It was told before: nobody knows how it is by now. (What passed while the watch itself was
    away counts once: whatever it asked for before has had no time to be begun.)"""


Step: TypeAlias = Wait | Ask | Miss


def next_step(every: datetime.timedelta, last: Last | None, now: datetime.datetime) -> Step:
    """What a probe does now; its ticks are counted from when the last look was asked for."""
    if last is None:
        return Ask()
    if now < last.asked_at:  # the clock was set back
        return Wait() if last.goes_on else Ask()
    ticks = (now - last.asked_at) // every
    if ticks <= last.missed:
        return Wait()
    if last.goes_on:
        return Miss(ticks, blind=last.missed > 0)
    return Ask(ticks - last.missed - 1)


def link(address: str, inputs: Mapping[str, str]) -> str:
    """The `runbook_url` that leads to the procedure, with its inputs."""
    path, _, procedure = address.partition("#")
    query = f"?{urllib.parse.urlencode(inputs)}" if inputs else ""
    return f"{path}{query}#{procedure}"
