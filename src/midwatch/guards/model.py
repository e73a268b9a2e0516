"""What a guard knows, and what it can decide."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from typing import TypeAlias

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.guards import hours as hours_of_day


class May(enum.StrEnum):
    """What the person said may run without being asked: `--yes read`, `--yes change`."""

    READ = "read"
    CHANGE = "change"


class Manner(enum.StrEnum):
    """How a person says yes."""

    CONFIRM = "confirm"
    TYPE_TARGET = "type-target"
    SECOND_PERSON = "second-person"
    """Somebody else must say yes: `midwatch approve`."""


class Answer(enum.StrEnum):
    """What a line of the policy says."""

    ALLOW = "allow"
    ASK = "ask"
    TYPE_TARGET = "type-target"
    REFUSE = "refuse"


@shape.frozen
class Rule:
    """One `[[policy]]` of `midwatch.toml`; what it leaves out, it applies to all of."""

    decision: Answer
    target: str | None = None
    procedure: str | None = None
    effect: commands.Effect | None = None
    trait: commands.Trait | None = None
    reason: str = ""
    actors: tuple[str, ...] = ()
    """Names or patterns of who acts; none is everybody."""
    but: tuple[str, ...] = ()
    """Whom it is not about."""
    hours: hours_of_day.Hours | None = None
    approvals: int = 1
    """How many people must say yes, the one who asked for the run among them."""
    breakable: bool = True
    """Whether `--break-glass` sets it aside."""
    place: str = ""
    """Where it is written: `midwatch.toml:12`."""


@shape.frozen
class Limits:
    """Seconds a step may take before it is stopped, by trait; None is no limit."""

    endless: float = 20.0
    read: float | None = 600.0
    waits: float | None = 1800.0


@shape.frozen
class Policy:
    """The lines of `midwatch.toml` that change the defaults."""

    rules: tuple[Rule, ...] = ()
    limits: Limits = dataclasses.field(default_factory=Limits)
    approval_seconds: float = 900.0
    """How long a yes is good for."""


@shape.frozen
class Facts:
    """All that is known of a step before it runs."""

    effect: commands.Effect
    traits: frozenset[commands.Trait]
    target: str
    procedure: str
    tools: tuple[str, ...]
    """The tools and sub-commands in it, such as `kubectl exec`."""
    attended: bool
    """A person sits at a terminal."""
    may: May | None
    approved: bool
    """A person said yes to exactly this, and the yes is not used up."""
    policy: Policy = dataclasses.field(default_factory=Policy)
    now: datetime.datetime | None = None
    actor: str = ""
    """Who carries the run out right now."""
    requester: str = ""
    """Who asked for the run."""
    approvers: frozenset[str] = frozenset()
    """Who said yes to exactly this; a yes that expired is none."""
    break_glass: str = ""
    """Why the team's own lines are set aside; nothing where they hold."""


@shape.frozen
class Allow:
    """The step may run."""

    why: str
    seconds: float | None = None
    """After this long it is stopped."""
    window: bool = False
    """Being stopped is its end, not a failure: it would run for ever."""
    terminal: bool = False
    """It is handed the terminal."""
    asked: bool = False
    """It would have been asked about, and `--yes` or a person answered."""
    broke: str = ""
    """What would have held, had nobody broken the glass."""


@shape.frozen
class Ask:
    """A person must say yes first."""

    manner: Manner
    why: str
    approvals: int = 1
    have: tuple[str, ...] = ()
    """Who counts as having said yes, where several must."""
    broke: str = ""
    """What would have held, had nobody broken the glass."""


@shape.frozen
class Refuse:
    """It does not run, and why; `way` names what can be done instead."""

    reason: str
    way: str = ""
    person: bool = False
    """A person on a terminal could carry it out."""


Decision: TypeAlias = Allow | Ask | Refuse


@shape.frozen
class Explained:
    """A decision, and what decided it."""

    decision: Decision
    source: str
