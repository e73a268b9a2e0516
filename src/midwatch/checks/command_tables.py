"""Every sub-command and long flag of some tools, as they tell it: read from `tables/commands`."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import lazy, shape
from midwatch.commands import model as commands

FOLDER = Path(__file__).parent / "tables" / "commands"
NAME = lazy.pattern(r"[\w.-]{1,100}", re.ASCII)
PLUGINS = "# from plugins:"


@shape.frozen
class Table:
    """What one tool has."""

    listed: Mapping[tuple[str, ...], frozenset[str]]
    """The long flags of each sub-command, and of the plain tool."""
    groups: frozenset[tuple[str, ...]]
    """Words that only lead on to sub-commands of which all are known."""
    plugins: tuple[str, ...] = ()
    """How flags begin that plugins bring."""

    def place(self, command: commands.Command) -> tuple[str, ...] | None:
        """The sub-command that a command calls; None where that is not sure."""
        words = (*command.path, *command.operands)
        found = max((p for p in prefixes(words) if p in self.listed), key=len, default=())
        below = any(p[: len(found)] == found != p for p in self.listed)
        return None if below and len(words) > len(found) else found

    def has(self, words: tuple[str, ...]) -> bool:
        """Whether there is a sub-command of those words, or a group of such."""
        return words in self.listed or words in self.groups

    def unknown_word(self, command: commands.Command) -> tuple[tuple[str, ...], str] | None:
        """A group, and the word behind it that is none of its sub-commands."""
        words = (*command.path, *command.operands)
        given = [word.text for word in command.words]
        for size in range(1, len(words)):
            group, word = words[:size], words[size]
            if group in self.groups and not self.has((*group, word)):
                behind = given[given.index(group[-1]) + 1 :][:1] if group[-1] in given else []
                return (group, word) if behind == [word] else None
        return None

    def members(self, group: tuple[str, ...]) -> tuple[str, ...]:
        """The sub-commands of a group."""
        return tuple(p[-1] for p in self.listed if p[:-1] == group)

    def flags(self, place: tuple[str, ...]) -> frozenset[str]:
        """The long flags that may be given to a sub-command; nothing where they are not known."""
        if not self.listed.get(place):
            return frozenset()
        return frozenset[str]().union(*(self.listed.get(p, ()) for p in prefixes(place)))

    def elsewhere(self, flag: str) -> bool:
        """Whether another sub-command has a flag."""
        return any(flag in flags for flags in self.listed.values())

    def lacks(self, flag: str, place: tuple[str, ...], *, shortened: bool) -> bool:
        """Whether a sub-command has no such flag; some tools take the beginning of one as well."""
        known = self.flags(place)
        if not known or not flag.startswith("--") or flag.startswith(self.plugins):
            return False
        return flag not in known and not (
            shortened and any(each.startswith(flag) for each in known)
        )


def prefixes(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words from the first on: none, one, two."""
    return [words[:count] for count in range(min(len(words), 3) + 1)]


@functools.cache
def of(tool: str) -> Table | None:
    """The table of a tool, read at its first use; nothing where there is none."""
    path = FOLDER / f"{tool}.txt"
    if not NAME.fullmatch(tool) or not path.is_file():
        return None
    found: dict[tuple[str, ...], frozenset[str]] = {}
    groups: set[tuple[str, ...]] = set()
    plugins: tuple[str, ...] = ()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(PLUGINS):
            plugins = tuple(line.removeprefix(PLUGINS).split())
        elif " > " in line:
            group, _, names = line.partition(" > ")
            groups.add(tuple(group.split()))
            found |= {(*group.split(), name): frozenset() for name in names.split()}
        elif not line.startswith("#"):
            name, _, flags = line.partition(":")
            found[tuple(name.split())] = frozenset(flags.split())
    return Table(found, frozenset(groups), plugins)
