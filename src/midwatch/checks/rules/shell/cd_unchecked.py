"""Files removed wherever one happens to be."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

GOES = lazy.pattern(r"^cd\s+(?P<where>[^\s;&|]+)\s*(?P<then>;\s*rm\s.*)?$")
REMOVES = lazy.pattern(
    r"^(?:sudo\s+)?(?:rm\s+-\w*[rf]\w*\s+(?:\./)?[\w.-]*\*|find\s+\.\s.*-delete)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`cd X`, and then `rm -rf *` whether or not it went there."""
    for block, lines in sentences.blocks(subject, "cd "):
        if re.search(r"\bset\s+-\w*e", block.text):
            continue
        for before, after in itertools.pairwise(lines):
            goes = GOES.match(before.bare)
            if goes and REMOVES.match(after.bare):
                yield sentences.hit(
                    after,
                    f"If `cd {goes['where']}` fails, this removes what lies where you stand.",
                )


RULE = model.Rule(
    id="shell/cd-unchecked",
    severity=model.Severity.WARNING,
    summary="Files removed wherever one happens to be.",
    why="The folder is missing or the disk is not mounted, and the home directory is emptied.",
    fix="Name the place in the command: `rm -rf /srv/spool/*`, or chain with `&&`.",
    example=model.Example(
        bad="```bash\ncd /srv/sorter/spool\nrm -rf *\n```\n",
        good="```bash\ncd /srv/sorter/spool && rm -rf ./*\n```\n",
    ),
    check=check,
)
