"""The analysers by the name that knowledge files give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from midwatch.commands import judging
from midwatch.commands.analysers import awk, curl, dd, find, pager, protocol, sed, shells, xargs

Analyser: TypeAlias = Callable[[protocol.Case], judging.Verdict]
ANALYSERS: Mapping[str, Analyser] = {
    "find": find.verdict,
    "sed": sed.verdict,
    "awk": awk.verdict,
    "dd": dd.verdict,
    "pager": pager.verdict,
    "shell": shells.verdict,
    "xargs": xargs.verdict,
    "curl": curl.verdict,
}
