"""Values for an input, from what a command that lists them printed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.runbook import model as runbooks
from midwatch.runs import seen, values

if TYPE_CHECKING:
    from midwatch.commands import binding
else:
    binding = lazy.module("midwatch.commands.binding")

MOST = 20
HEADING = re.compile(r"[A-Z][A-Z0-9 _()%/-]*")
BEFORE_HEADING = 2
"""Lines that may stand above a table: `deployment.apps/worker`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """One value, and what the command says beside it."""

    value: str
    about: str = ""


def read(output: str, wanted: runbooks.Input) -> tuple[Offer, ...]:
    """The first word of each row, as far as the input could take it."""
    rows = seen.lines(output)
    heading = [at for at, line in enumerate(rows[:BEFORE_HEADING]) if HEADING.fullmatch(line)]
    body = rows[heading[0] + 1 :] if heading else rows
    found: dict[str, Offer] = {}
    for line in body:
        value, _, about = line.partition(" ")
        if not values.problem(wanted, value):
            found.setdefault(value, Offer(value, " ".join(about.split())))
    return tuple(found.values())[:MOST]


def command(
    wanted: runbooks.Input, inputs: Mapping[str, runbooks.Input], given: Mapping[str, str]
) -> str | None:
    """The command that lists the values, with what is known already; None where more is open."""
    source = wanted.source
    if source is None or wanted.secret:
        return None
    holes = []
    for name, each in inputs.items():
        for match in re.finditer(re.escape(each.text), source):
            if name not in given or each.secret:
                return None
            if not each.environment:
                holes.append(binding.Hole(match.start(), match.end(), name, given[name]))
    if not holes:
        return source
    bound = binding.bind(source, holes)
    return bound.text if isinstance(bound, binding.Bound) else None
