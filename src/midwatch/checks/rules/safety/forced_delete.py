"""A pod forgotten without knowing that it has stopped."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"\b(?:kubectl|oc)\b(?=[^|;&]*\bdelete\b)(?=[^|;&]*\b(?:pods?|po)[\s/])(?=[^"
    r"|;&]*--force)(?=[^|;&]*--grace-period[= ]0)"
)

SAID = lazy.pattern(
    r"data[ -]loss|lose[sn]? data|split[ -]brain|fenc|powered off|node is (?:off|gone|dead)",
    re.IGNORECASE,
)
NEAR = 6


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl delete pod --force --grace-period=0`."""
    for sentence in sentences.every(subject, "--force"):
        found = FAULT.search(sentence.words)
        if found:
            above = " ".join(
                subject.line(number) for number in range(sentence.line - NEAR, sentence.line)
            )
            hit = sentences.hit(
                sentence,
                "Kubernetes forgets the pod at once, whether or not it still runs and writes.",
            )
            severity = model.Severity.INFO if SAID.search(above) else None
            yield dataclasses.replace(hit, severity=severity)


RULE = model.Rule(
    id="safety/forced-delete",
    severity=model.Severity.WARNING,
    summary="A pod forgotten without knowing that it has stopped.",
    why="On a node that does not answer, the old pod of a stateful set goes on writing beside "
    "the new one: two databases on one volume.",
    fix="Let it end by itself, or make sure that the node is off first.",
    example=model.Example(
        bad="```bash\nkubectl delete pod desk-db-0 --force --grace-period=0\n```\n",
        good="```bash\nkubectl delete pod desk-db-0\n```\n",
    ),
    check=check,
)
