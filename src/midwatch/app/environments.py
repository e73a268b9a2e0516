"""The environment of a run: the same when it is resumed elsewhere, with secrets kept apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from midwatch.base import shape
from midwatch.runs import secrets

OF_THE_TERMINAL = frozenset(
    {"TERM", "COLORTERM", "SSH_AUTH_SOCK", "SSH_TTY", "DISPLAY", "GPG_TTY", "TMUX", "XAUTHORITY"}
)
"""These belong to where somebody sits now, not to the run."""
NOT_FOR_STEPS = frozenset({"BASH_ENV", "ENV", "_", "SHLVL", "OLDPWD", "PWD", "SHELLOPTS"})
LEAST = secrets.SHORTEST
OURS = ("MIDWATCH_STEP", "MIDWATCH_INPUT_", "MIDWATCH_FAILPOINT")


@shape.frozen
class Environment:
    """What was found, and which of it is never written down."""

    plain: Mapping[str, str]
    secret: Mapping[str, str]

    @property
    def all(self) -> dict[str, str]:
        """Both together."""
        return {**self.plain, **self.secret}


def of(
    found: Mapping[str, str], target: Mapping[str, str], named: Collection[str] = ()
) -> Environment:
    """The environment that steps get, with the target's own variables over it.

    `named` are secrets whatever they are called: midwatch.toml names them for its own.
    """
    kept = {
        name: value
        for name, value in found.items()
        if name not in NOT_FOR_STEPS and not name.startswith(OURS)
    }
    together = {**kept, **target}
    ours = {name: together[name] for name in named if len(together.get(name, "")) >= LEAST}
    secret = {**secrets.of_environment(together), **ours}
    plain = {name: value for name, value in together.items() if name not in secret}
    return Environment(plain, secret)


def of_terminal(found: Mapping[str, str]) -> dict[str, str]:
    """What belongs to the terminal that somebody sits at now."""
    return {name: value for name, value in found.items() if name in OF_THE_TERMINAL}
