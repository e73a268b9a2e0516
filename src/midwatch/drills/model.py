"""What a drill is made of: faults, arms, rehearsals, what was seen, and how it is judged."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from pathlib import Path


class Arm(enum.StrEnum):
    """Who deals with the fault."""

    NONE = "none"
    """Nobody: what heals by itself is no credit to a runbook."""
    WRONG = "wrong"
    """Midwatch, with a procedure that somebody could pick by mistake."""
    PASTE = "paste"
    """The procedure's blocks, given to bash as somebody pastes them."""
    MIDWATCH = "midwatch"
    """Midwatch, with the procedure that should heal it."""


class Verdict(enum.StrEnum):
    """How a rehearsal ended, by the probe alone."""

    HEALED = "healed"
    NOT_HEALED = "not-healed"
    NOT_BROKEN = "not-broken"
    """The fault was put in, and the users never saw it: nothing could be healed."""
    NOT_INJECTED = "not-injected"
    """The fault could not be put in."""
    NOT_READY = "not-ready"
    """The service was not well before anything was broken."""
    INTERRUPTED = "interrupted"


JUDGED = frozenset({Verdict.HEALED, Verdict.NOT_HEALED})
"""The verdicts that count as a try; the others say nothing of the procedure."""


PROBE = './probe "$1"'
"""What a faults file need not say."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How long each part of a rehearsal may take, in seconds."""

    stable: float = 5.0
    """So long the probe must be good without a break, before and after."""
    timeout: float = 120.0
    """From the moment it is broken to the end of patience."""
    detect: float = 60.0
    """So long the alert, and the first bad look, are waited for."""
    injection: float = 120.0
    healing: float = 180.0
    ready: float = 60.0
    """So long the service may take to be well, before a fault and after its own way back."""
    quiet: float = 180.0
    """So long the alert of an earlier fault may go on firing before the next one is put in."""
    wait: float = 3.0
    """Up to so long all is left well before the fault goes in; the seed says how long."""
    reaction: float = 2.0
    """Up to so long somebody needs to begin once the fault is known; the seed says how long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that happens, and what is known to put it right."""

    id: str
    title: str
    inject: str
    """bash that breaks it."""
    heal: str
    """bash that is the sure way back, without the runbook."""
    probe: str
    """The kind of look that speaks for the users."""
    procedure: str
    """The id that should heal it; empty where nothing does."""
    wrong: str = ""
    """An id that somebody could take by mistake."""
    alert: str = ""
    set: Mapping[str, str] = dataclasses.field(default_factory=dict)
    find: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Inputs that are known only once it is broken: bash that prints each."""
    choose: tuple[str, ...] = ()
    wrong_set: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may: str = "change"
    """What an unattended run may do without a person."""
    heals_itself: bool = False
    limits: Limits = dataclasses.field(default_factory=Limits)


@dataclasses.dataclass(frozen=True, slots=True)
class Faults:
    """A faults file: a lab, its runbook, and all that can be broken in it."""

    path: Path
    runbook: Path
    target: str
    faults: tuple[Fault, ...]
    probe: str = PROBE
    """bash that prints looks, one JSON object a line; `$1` is the kind."""
    prometheus: str = ""
    start: str = ""
    """How a person starts the lab; told where it does not answer."""

    @property
    def folder(self) -> Path:
        """Where its commands run."""
        return self.path.parent

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of look there is, each once."""
        return tuple(dict.fromkeys(fault.probe for fault in self.faults))


@dataclasses.dataclass(frozen=True, slots=True)
class Rehearsal:
    """One fault, one arm, one seed: planned, not yet carried out."""

    number: int
    fault: Fault
    arm: Arm
    seed: int
    wait: float
    """Seconds the service is left well before the fault goes in."""
    reaction: float
    """Seconds somebody needs to begin once the fault is known."""
    probe: str = PROBE
    """How it is looked at."""


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What the probe said, and when it said so, in seconds since the rehearsal began."""

    at: float
    ok: bool
    why: str = ""


class Kind(enum.StrEnum):
    """What can happen in a rehearsal, in the order in which it mostly does."""

    SETTLED = "settled"
    INJECTING = "injecting"
    INJECTED = "injected"
    FIRST_BAD = "first-bad"
    ALERT = "alert"
    DETECTED = "detected"
    ARM_BEGAN = "arm-began"
    FIRST_STEP = "first-step"
    ARM_ENDED = "arm-ended"
    RECOVERED = "recovered"
    STABLE = "stable"
    TIMED_OUT = "timed-out"
    JUDGED = "judged"
    HEALING = "healing"
    HEALED = "healed"
    WHOLE = "whole"
    """After the fault's own way back the service is well."""
    LEFT_BROKEN = "left-broken"
    """It is not: the rehearsal left new breakage."""
    BREAKAGE = "breakage"
    """Another kind of look is bad at the end, and was good at the beginning."""
    INTERRUPTED = "interrupted"
    NOTE = "note"


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in seconds since the rehearsal began."""

    kind: Kind
    at: float
    detail: Mapping[str, str | float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """A rehearsal that is over: its verdict and its times, from the breaking on."""

    number: int
    fault: str
    arm: Arm
    seed: int
    verdict: Verdict
    first_bad: float | None = None
    detected: float | None = None
    first_step: float | None = None
    recovered: float | None = None
    stable: float | None = None
    arm_outcome: str = ""
    """What the arm itself says of its end; it does not count for the verdict."""
    run_id: str = ""
    left_broken: str = ""
    """Why the service was not well even after the fault's own way back."""
    breakage: str = ""
    """What else was bad when it ended."""
    why: str = ""
    """What stood in the way, where it was not judged."""

    @property
    def healed(self) -> bool:
        """Whether the probe says so."""
        return self.verdict is Verdict.HEALED
