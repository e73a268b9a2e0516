"""From a runbook's words to people: `Senior engineer + DBA` and who that is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from midwatch.base import lazy
from midwatch.oncall import directory

SPLIT = lazy.pattern(r"\s*(?:\+|,|;|/|&|\band\b|\bplus\b|\bthen\b)\s*", re.IGNORECASE)
ASIDE = lazy.pattern(r"\([^()]*\)")
WORD = lazy.pattern(r"[^\w@.]+")
MAIL = lazy.pattern(r"[^\s@<>(),;]+@[^\s@<>(),;]+")
SMALL = frozenset({"the", "a", "an", "our", "your", "team", "to"})


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """Everybody whom a runbook's words may mean."""

    known: directory.Directory
    roles: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def whom(self, words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Whom the words mean, whole or part by part; and the parts that mean nobody."""
        whole = self._whom(words)
        if whole:
            return whole, ()
        parts = [part for part in SPLIT.split(words) if part.strip()]
        found = [self._whom(part) for part in parts]
        missing = tuple(part for part, whom in zip(parts, found, strict=True) if not whom)
        return tuple(dict.fromkeys(each for whom in found for each in whom)), missing

    def _whom(self, words: str) -> tuple[str, ...]:
        wanted, mail = plain(words), MAIL.search(words)
        for role, whom in self.roles.items():
            if plain(role) == wanted:
                return whom
        for name in self.known.schedules:
            if plain(name) == wanted:
                return (f"schedule:{name}",)
        for person in self.known.people.values():
            addresses = {way.address.casefold() for way in person.ways}
            named = wanted in {plain(person.id), plain(person.name)}
            if named or (mail is not None and mail[0].casefold() in addresses):
                return (f"person:{person.id}",)
        return ()


def plain(words: str) -> str:
    """Words as they are compared: small letters, no brackets, dashes or small words."""
    parts = [each for each in WORD.split(ASIDE.sub(" ", words.casefold())) if each]
    return " ".join(each for each in parts if each not in SMALL) or " ".join(parts)
