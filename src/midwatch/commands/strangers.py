"""Programs that nothing is known of: unknown, and destruction where their own words say so.

A stranger's words can only make it worse: `./scripts/destroy-cluster.sh` asks like destruction,
while `./scripts/check.sh` stays as unknown as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.commands import judging, words

LOSS = frozenset(
    {
        *("delete", "destroy", "deprovision", "drop", "erase", "flush", "nuke", "prune", "purge"),
        *("restore", "teardown", "truncate", "uninstall", "wipe"),
    }
)
SPLIT = lazy.pattern(r"[^a-z]+")
OPERANDS = 2
"""How many words behind the name are looked at: a verb stands first."""


def verdict(name: str, arguments: Sequence[words.Argument], why: str) -> judging.Verdict:
    """Unknown for the reason given, or destruction where the name or a verb says so."""
    for word in _telling(name, arguments):
        said = LOSS.intersection(SPLIT.split(word.lower()))
        if said:
            return judging.destroy(f"{why}; by its word `{min(said)}` it loses something")
    return judging.unknown(why)


def _telling(name: str, arguments: Sequence[words.Argument]) -> Iterator[str]:
    """The name, the flags, and the first plain words."""
    yield name
    known = [each.pattern for each in arguments if words.HOLE not in each.pattern]
    yield from (each for each in known if each.startswith("--"))
    plain = [each for each in known if not each.startswith("-") and "/" not in each]
    yield from (each for each in plain[:OPERANDS] if SPLIT.sub("", each.lower()))
