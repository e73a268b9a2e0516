"""What a target has to offer to steps that are no shell, with its variables looked up."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

from midwatch.app import settings
from midwatch.base import shape
from midwatch.plugs.steps import registry
from midwatch.runbook import model as runbooks
from midwatch.runs import model, outside

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SLEEP = re.compile(r"\s*sleep\s+\d+(?:\.\d+)?[smhd]?\s*")
CLIENTS: Mapping[str, tuple[str, ...]] = {
    "psql": ("postgres",),
    "mysql": ("mysql", "mariadb"),
    "mariadb": ("mysql", "mariadb"),
    "clickhouse-client": ("clickhouse",),
    "sqlite3": ("sqlite",),
}
"""Consoles, and how the URL of what they speak to begins."""
CONSOLE = re.compile(r"inside `?(?P<client>[\w-]+)`?")
RELATIVE_FILE = re.compile(r"sqlite:///(?!/)")


@shape.frozen
class Addresses:
    """Where things are, and which variables of an address are not set."""

    known: Mapping[str, str]
    unset: Mapping[str, str]
    """The key, and a sentence that names the variable."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown: passwords, and whole addresses that hold one."""
        found = []
        for address in self.known.values():
            password = _password(address)
            if password:
                found += [address, password, urllib.parse.unquote(password)]
        return tuple(found)


def _password(address: str) -> str:
    try:
        return urllib.parse.urlsplit(address).password or ""
    except ValueError:
        return ""


def addresses(target: settings.Target, environment: Mapping[str, str]) -> Addresses:
    """The target's addresses with each `${NAME}` taken from the environment."""
    known, unset = {}, {}
    for key, written in target.addresses.items():
        missing = [name for name in VARIABLE.findall(written) if not environment.get(name)]
        if missing:
            unset[key] = f"The target's {key} needs {missing[0]}, which is not set"
            continue
        value = VARIABLE.sub(lambda found: environment[found[1]], written)
        known[key] = _from(target.base, value)
    return Addresses(known, unset)


def _from(base: Path | None, value: str) -> str:
    """A relative SQLite file lies beside midwatch.toml."""
    if base is None or not RELATIVE_FILE.match(value):
        return value
    return f"sqlite:///{base.absolute()}/{value.removeprefix('sqlite:///')}"


@shape.frozen
class OfTarget:
    """What one target can carry out beside shell, for one procedure."""

    addresses: Addresses
    sessions: frozenset[int]
    """Blocks whose SQL only counts as one session."""

    def takes(self, step: runbooks.Step) -> bool:
        """A plain `sleep` is a wait that can be seen and cut short."""
        return step.kind is runbooks.Kind.WAIT and bool(SLEEP.fullmatch(step.text))

    def by_hand(self, step: runbooks.Step) -> str:
        """Why a person carries it out; nothing where Midwatch does."""
        kind = registry.KINDS.get(step.kind)
        if kind is None:
            return ""
        if kind.address in self.addresses.unset:
            return f"{self.addresses.unset[kind.address]}: a person does this."
        if kind.address and kind.address not in self.addresses.known:
            return outside.NOT_HERE[step.kind]
        if step.fence_line and step.fence_line in self.sessions:
            return "Its block is one session with a transaction: a person runs it in a console."
        address = self.addresses.known.get(kind.address, "")
        return self._elsewhere(step, address) or kind.by_hand(step, address)

    def _elsewhere(self, step: runbooks.Step, address: str) -> str:
        """A step in another context is a person's, but for the console of this very database."""
        if not step.context:
            return ""
        found = CONSOLE.fullmatch(step.context)
        if found and address.startswith(CLIENTS.get(found["client"], ("\0",))):
            return ""
        return f"It belongs elsewhere ({step.context}): a person carries it there."

    def known(self, step: runbooks.Step, text: str) -> outside.Known:
        """What is known of the step with its values in it."""
        kind = registry.KINDS[step.kind]
        return kind.known(step, text, self.addresses.known.get(kind.address, ""))


def of(found: Addresses, procedure: runbooks.Procedure) -> OfTarget:
    """What the target can do for this procedure."""
    return OfTarget(found, registry.sessions(procedure.steps))


def require(made: model.Plan, found: Addresses) -> None:
    """Raise where a step needs a driver that is not installed, before anything has begun."""
    for step in made.steps:
        if step.carrier is model.Carrier.OUTSIDE:
            kind = registry.KINDS[runbooks.Kind(step.kind)]
            kind.require(found.known.get(kind.address, ""))
