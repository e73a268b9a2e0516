"""The analysers by the name that knowledge files give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from midwatch.commands import given, judging, words
from midwatch.commands.analysers import awk, curl, dd, find, redis_cli, sed, xargs

Analyser: TypeAlias = Callable[
    [given.Given, Sequence[words.Argument], judging.Supply | None, judging.Judge],
    judging.Verdict,
]
ANALYSERS: Mapping[str, Analyser] = {
    "find": find.verdict,
    "sed": sed.verdict,
    "awk": awk.verdict,
    "dd": dd.verdict,
    "xargs": xargs.verdict,
    "curl": curl.verdict,
    "redis-cli": redis_cli.verdict,
}
