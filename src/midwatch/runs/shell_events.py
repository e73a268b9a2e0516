"""What happens to a run's shell beside its steps: what its end sets off, and a person inside it."""

from __future__ import annotations

from midwatch.base import shape


@shape.frozen
class ExitTrapStarted:
    """The run is at its end, as a terminal that is closed: the author's EXIT trap begins."""

    attempt: int
    boot: str
    text: str


@shape.frozen
class ExitTrapFinished:
    """The author's EXIT trap ended; it does not run again."""

    attempt: int
    exit: int | None
    """None where nobody knows how it ended."""
    meaning: str
    seconds: float
    size: int
    sha256: str
    tail: str
    state: str
    """The shell's state without the trap."""


@shape.frozen
class ShellOpened:
    """At a failed step a person was given a shell with the run's state."""

    step: int
    number: int
    boot: str
    by: str


@shape.frozen
class ShellClosed:
    """The person left the shell; all that was on its terminal is in the run's folder."""

    step: int
    number: int
    exit: int | None
    """None where nobody knows how it ended."""
    seconds: float
    size: int
    sha256: str
    tail: str
    changed: tuple[str, ...] = ()
    """What is not as it was: `folder`, the names of variables and functions."""
    left: str | None = None
    """The shell's state as the person left it; None where nothing of it is known or changed."""
    exit_trap: str = ""


@shape.frozen
class ShellCarried:
    """A person said whether the run goes on with the state that they left the shell in."""

    step: int
    number: int
    carried: bool
    how: str


ALL = (ExitTrapStarted, ExitTrapFinished, ShellOpened, ShellClosed, ShellCarried)
ShellEvent = ExitTrapStarted | ExitTrapFinished | ShellOpened | ShellClosed | ShellCarried
