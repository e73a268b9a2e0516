"""One severity level with two meanings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

LEVEL = lazy.pattern(
    r"\b(?P<level>P[0-5]|SEV-?[0-5]|S[1-4])\b\W{0,4}\((?P<word>critical|high|major|medium|moderate|"
    r"low|minor|warning|info)\)",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A level that is called otherwise than where it is used first."""
    first: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(subject.lines, 1):
        if "(" not in line:
            continue
        for found in LEVEL.finditer(line):
            level, word = found["level"].upper(), found["word"].lower()
            known, where = first.setdefault(level, (word, number))
            if word != known:
                yield model.Hit(
                    number,
                    f"{level} is “{word}” here and “{known}” on line {where}.",
                    column=found.start() + 1,
                    end_column=found.end() + 1,
                )


RULE = model.Rule(
    id="procedure/severity-disagrees",
    severity=model.Severity.WARNING,
    summary="A severity level that is called two things.",
    why="Whether to wake somebody is decided by this word, and two people will decide differently.",
    fix="Define each level once and use its word everywhere.",
    example=model.Example(
        bad="- **P2 (Medium)**: some users\n\n**Severity**: P2 (Critical)\n",
        good="- **P2 (Medium)**: some users\n\n**Severity**: P2 (Medium)\n",
    ),
    check=check,
)
