"""A share of a small number, rounded down to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

SHARE = lazy.pattern(
    r"(?P<name>\w+)=\$\(\(\s*(?P<whole>[^()]*\*[^()]*/\s*100|[^()/]*/\s*(?:10|20|100))\s*\)\)"
)
USES = r"--replicas[= ]\"?\$\{{?{name}\b"
COUNTS = lazy.pattern(r"replica|pods?\b|instances|nodes|workers", re.IGNORECASE)
RAISED = r"\b{name}\b\s*(?:-lt|-eq|<|==|-le)|\b{name}=1\b"


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`$((REPLICAS * PERCENT / 100))` as a number of replicas."""
    for block, lines in sentences.blocks(subject, "$(("):
        for sentence in lines:
            share = SHARE.search(sentence.text)
            if not share or "+" in share["whole"]:
                continue
            name = share["name"]
            counts = COUNTS.search(share.group())
            if not counts and not re.search(USES.format(name=name), block.text):
                continue
            if re.search(RAISED.format(name=name), block.text.replace("$", "")):
                continue
            yield sentences.hit(
                sentence,
                f"The shell divides whole numbers, so that a share of few is 0: `{name}` may be no "
                "pod at all.",
                at=share.start(),
                length=len(share.group()),
            )


RULE = model.Rule(
    id="meaning/integer-division",
    severity=model.Severity.ERROR,
    summary="A share of a small number, rounded down to nothing.",
    why="The canary has no pod, so nothing can go wrong with it, and the release goes out untried.",
    fix="Round up, and insist on at least one.",
    example=model.Example(
        bad="```bash\nTRIAL=$((REPLICAS * 10 / 100))\n"
        "kubectl scale deployment/desk-trial --replicas=$TRIAL\n```\n",
        good="```bash\nTRIAL=$(( (REPLICAS * 10 + 99) / 100 ))\n"
        "kubectl scale deployment/desk-trial --replicas=$TRIAL\n```\n",
    ),
    check=check,
)
