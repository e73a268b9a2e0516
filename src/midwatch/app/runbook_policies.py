"""Escalation policies: midwatch.toml's first, else the runbook's own table as it is now."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from midwatch.app import library, watch_settings
from midwatch.base import clock
from midwatch.incidents import policy, role_names, runbook_policy
from midwatch.runbook import model as runbooks

FRESH = 2.0
"""Seconds for which the files are not looked at again: many incidents ask at once."""


@dataclasses.dataclass(frozen=True, slots=True)
class Untold:
    """Something in a runbook's escalation that could not be followed."""

    runbook: str
    line: int
    words: str
    why: str


class Policies(Mapping[str, policy.Policy]):
    """By runbook, or by `runbook#procedure`; a runbook without a table has none."""

    def __init__(
        self, watch: watch_settings.Watch, books: library.Library, ticks: clock.Clock
    ) -> None:
        self._watch = watch
        self._books = books
        self._ticks = ticks
        self._names = names(watch)
        self._looked: float | None = None
        self._runbooks: dict[str, runbooks.Runbook] = {}
        self._known: dict[tuple[str, str, str], policy.Policy | None] = {}

    def __getitem__(self, key: str) -> policy.Policy:
        """The policy of a runbook, or of one procedure of it."""
        path, _, procedure = key.partition("#")
        if path in self._watch.policies:
            return self._watch.policies[path]
        runbook = self._read().get(path)
        found = self._of(runbook, procedure) if runbook is not None else None
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        """Every runbook that has one."""
        for path in {**self._watch.policies, **self._read()}:
            if self.get(path) is not None:
                yield path

    def __len__(self) -> int:
        """How many runbooks have one."""
        return sum(1 for _ in self)

    def untold(self) -> Iterator[Untold]:
        """What could not be followed, in every runbook."""
        for path, runbook in self._read().items():
            if path in self._watch.policies:
                continue
            for procedure in ("", *(each.id for each in runbook.procedures)):
                reading = self._reading(runbook, procedure)
                for each in reading.told:
                    yield Untold(path, each.line, each.words, each.why)

    def _read(self) -> Mapping[str, runbooks.Runbook]:
        now = self._ticks.monotonic()
        if self._looked is None or now - self._looked > FRESH:
            self._runbooks = {each.path: each for each in self._books.books()}
            self._looked = now
        return self._runbooks

    def _of(self, runbook: runbooks.Runbook, procedure: str) -> policy.Policy | None:
        key = (runbook.path, runbook.digest, procedure)
        if key not in self._known:
            self._known[key] = self._reading(runbook, procedure).policy
        return self._known[key]

    def _reading(self, runbook: runbooks.Runbook, procedure: str) -> runbook_policy.Reading:
        return runbook_policy.read(runbook, procedure, self._names, self._watch.default_policy)


def names(watch: watch_settings.Watch) -> role_names.Names:
    """Whom the words of runbooks mean, as midwatch.toml has it."""
    return role_names.Names(watch.directory, watch.roles)
