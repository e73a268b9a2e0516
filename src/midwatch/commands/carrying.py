"""Flags that say where a command acts go along with what looks first and what takes it back.

`kubectl --context staging scale …` is looked at, and taken back, in staging.
"""

from __future__ import annotations

from midwatch.commands import given

SHORT = 2


def along(text: str, found: given.Given) -> str:
    """The command with those flags behind its first word; a sentence stays as it is."""
    name, blank, rest = text.partition(" ")
    if not blank or name != found.tool.name:
        return text
    flags = [_written(each) for each in found.flags if each.name in found.tool.carry]
    return " ".join([name, *flags, rest])


def _written(flag: given.Flag) -> str:
    if flag.value is None:
        return flag.name
    mark = " " if len(flag.name) == SHORT else "="
    return f"{flag.name}{mark}{flag.text}"
