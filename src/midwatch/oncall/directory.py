"""Everybody who can be told, and from a policy's words to people."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import TypeAlias

from midwatch.oncall import decide, model

EVERYONE = "everyone"


@dataclasses.dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who will be told, and why it is them."""

    person: model.Person
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Missing:
    """Nobody stands behind the word, and why."""

    whom: str
    why: str


Found: TypeAlias = Reached | Missing


@dataclasses.dataclass(frozen=True, slots=True)
class Directory:
    """People and schedules by their names in midwatch.toml."""

    people: Mapping[str, model.Person] = dataclasses.field(default_factory=dict)
    schedules: Mapping[str, model.Schedule] = dataclasses.field(default_factory=dict)

    def find(self, whom: str, now: datetime.datetime) -> tuple[Found, ...]:
        """Whom `schedule:primary`, `person:ana` or `everyone` means at that moment."""
        kind, _, name = whom.partition(":")
        if whom == EVERYONE:
            return tuple(self._person(each, "everyone is called") for each in self.people)
        if kind == "schedule":
            return (self._on_call(name, now),)
        return (self._person(name or kind, "named in the policy"),)

    def _on_call(self, name: str, now: datetime.datetime) -> Found:
        schedule = self.schedules.get(name)
        if schedule is None:
            return Missing(f"schedule:{name}", f"there is no schedule {name}")
        turn = decide.who(schedule, now)
        if isinstance(turn, model.Nobody):
            return Missing(f"schedule:{name}", turn.why)
        return self._person(turn.person, turn.why)

    def _person(self, name: str, why: str) -> Found:
        person = self.people.get(name)
        if person is None:
            return Missing(f"person:{name}", f"there is no person {name}")
        if not person.ways:
            return Missing(f"person:{name}", f"{person.name} has no way to be reached")
        return Reached(person, why)
