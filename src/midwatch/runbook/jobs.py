"""Background jobs: statements that only work in the shell that started the job stay together.

`kubectl port-forward … &` and a later `kill $!` are one step: a step is a shell of its own, and
another shell has neither `$!` nor the job to wait for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import model as commands

STARTS = lazy.pattern(r"(?<![&|>])&\s*$")
SPEAKS_OF_JOBS = lazy.pattern(r"\$!|\$\{!\}|(?:^|[;&|(\s])(?:wait|fg|bg|jobs|disown)\b|\s%[1-9+-]")
LAST_JOB = lazy.pattern(r"\$!|\$\{!\}")


def joined(reading: commands.Reading) -> commands.Reading:
    """The reading with a job's statements as one, from its start to the last that needs it."""
    statements = sorted(reading.statements, key=lambda each: each.span.start)
    starts = [at for at, each in enumerate(statements) if STARTS.search(each.text)]
    if not starts:
        return reading
    last = max((at for at in _speaking(statements) if at > starts[0]), default=None)
    if last is None:
        return reading
    whole = _whole(reading.text, statements[starts[0] : last + 1])
    kept = (*statements[: starts[0]], whole, *statements[last + 1 :])
    return dataclasses.replace(reading, statements=kept)


def _speaking(statements: Sequence[commands.Statement]) -> list[int]:
    """Which statements need the shell in which a job was started."""
    holders = {name for each in statements if LAST_JOB.search(each.text) for name in each.sets}
    return [
        at
        for at, each in enumerate(statements)
        if SPEAKS_OF_JOBS.search(each.text) or holders & each.uses
    ]


def _whole(text: str, parts: Sequence[commands.Statement]) -> commands.Statement:
    """Several statements as one: as bad as the worst of them."""
    span = commands.Span(parts[0].span.start, parts[-1].span.end)
    effect = commands.worst(each.effect for each in parts)
    sets = frozenset[str]().union(*(each.sets for each in parts))
    uses = frozenset[str]()
    given = frozenset[str]()
    for each in parts:
        uses |= each.uses - given
        given |= each.sets
    return commands.Statement(
        text=text[span.start : span.end],
        span=span,
        commands=tuple(command for each in parts for command in each.commands),
        effect=effect,
        traits=frozenset[commands.Trait]().union(*(each.traits for each in parts)),
        why=next(each.why for each in parts if each.effect is effect),
        sets=sets,
        uses=uses,
        defines=frozenset[str]().union(*(each.defines for each in parts)),
        captures=frozenset[str]().union(*(each.captures for each in parts)),
        reveals=any(each.reveals for each in parts),
    )
