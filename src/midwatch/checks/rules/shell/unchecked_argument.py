"""A script that uses `$1` and never looks whether it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

GIVES = lazy.pattern(r"^(?P<name>[A-Za-z_]\w*)=\"?\$(?:\{(?P<braced>\d)\}|(?P<plain>\d))\"?\s*$")
LOOKS = lazy.pattern(
    r"\$#|\bset\s+-\w*u|\bset -o nounset|\bgetopts\b|-z\s+\"?\$\{?\d|-n\s+\"?\$\{?\d"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`NAME=$1` in a script that tests neither."""
    for block, lines in sentences.read(subject):
        if block.role != "script" or LOOKS.search(block.text):
            continue
        given = [(s, named) for s in lines if (named := GIVES.match(s.text))]
        for sentence, named in given[:1]:
            name, digit = named["name"], named["braced"] or named["plain"]
            if re.search(rf"\$\{{{digit}:?[?-]", block.text):
                continue
            if re.search(rf"-[zn]\s+\"?\$\{{?{name}\b|\$\{{{name}:?[?]", block.text):
                continue
            yield sentences.hit(
                sentence,
                f"`{name}` is taken from the command line and never looked at; without it, every "
                "command below runs with an empty name.",
            )


RULE = model.Rule(
    id="shell/unchecked-argument",
    severity=model.Severity.WARNING,
    summary="A script that never looks whether its argument was given.",
    why="Called without it, the commands below run with an empty name: on everything, or on "
    "something else.",
    fix="Write `NAME=${1:?usage: $0 NAME}`.",
    example=model.Example(
        bad="```bash\n#!/bin/bash\n# drop-lane.sh\nLANE=$1\nrm -rf /spool/$LANE\n```\n",
        good="```bash\n#!/bin/bash\n# drop-lane.sh\nLANE=${1:?usage: drop-lane.sh LANE}\n"
        'rm -rf "/spool/$LANE"\n```\n',
    ),
    check=check,
)
