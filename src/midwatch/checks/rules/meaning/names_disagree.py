"""Two spellings of one name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

NAME = lazy.pattern(r"(?<![\w./$@<-])[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+(?![\w.(<@-])")
URL = lazy.pattern(r"(?<=/)[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?=/)")
KNOWN = frozenset({"read-only", "dry-run", "follow-up", "on-call", "in-place", "set-up"})
OFTEN = 2


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A name used once whose parts are those of a name used often, in another order."""
    places: dict[str, list[int]] = {}
    for block in facts.shell_blocks(subject):
        for number, line in facts.block_lines(subject, block):
            code = line.partition(" #")[0] if not line.lstrip().startswith("#") else ""
            for pattern in (NAME, URL):
                for match in pattern.finditer(code):
                    places.setdefault(match.group(), []).append(number)
    counts = Counter({name: len(lines) for name, lines in places.items()})
    by_parts: dict[tuple[str, ...], list[str]] = {}
    for name in places:
        by_parts.setdefault(tuple(sorted(re.split(r"[-_]", name))), []).append(name)
    for alike in by_parts.values():
        if len(alike) > 1:
            yield from told(places, sorted(alike, key=lambda name: -counts[name]))


def told(places: dict[str, list[int]], alike: list[str]) -> Iterator[model.Hit]:
    """What is told of the rarer spellings."""
    common, *others = alike
    for name in others:
        swapped = re.split(r"[-_]", name) != re.split(r"[-_]", common)
        if not swapped or len(places[common]) < OFTEN or len(places[name]) >= len(places[common]):
            continue
        if name in KNOWN or any(part.isdigit() for part in re.split(r"[-_]", name)):
            continue
        for line in places[name]:
            yield model.Hit(
                line,
                f"`{name}` is called `{common}` everywhere else in this document "
                f"({len(places[common])} times).",
            )


RULE = model.Rule(
    id="meaning/names-disagree",
    severity=model.Severity.WARNING,
    summary="Two spellings of one name.",
    why="One of the two does not exist: the check fails although all is well, and the diagnosis "
    "goes astray.",
    fix="Use the name that the system uses, everywhere.",
    example=model.Example(
        bad="```bash\nkubectl get component lane-events\nkubectl describe component lane-events\n"
        "curl http://localhost:3500/v1.0/publish/events-lane/jam\n```\n",
        good="```bash\nkubectl get component lane-events\nkubectl describe component lane-events\n"
        "curl http://localhost:3500/v1.0/publish/lane-events/jam\n```\n",
    ),
    check=check,
    doubt="Two things may really be called by the same words in another order.",
)
