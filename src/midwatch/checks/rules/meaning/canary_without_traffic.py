"""A trial deployment that the service never sends a request to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import hits, model, sentences

TRIAL = lazy.pattern(
    r"\bkubectl\s+create\s+deploy(?:ment)?\s+\"?(?P<name>\S*(?:canary|green|blue|trial|preview)\S*)"
)
LABELS = lazy.pattern(
    r"kubectl\s+label\b|kubectl\s+set\s+selector|kubectl\s+expose\b|--labels|\"labels\""
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl create deployment X-canary`, whose pods carry `app=X-canary`."""
    for block, lines in sentences.blocks(subject, "create"):
        if LABELS.search(block.text):
            continue
        for sentence in lines:
            trial = TRIAL.search(sentence.text)
            name = trial["name"].strip('"') if trial else ""
            if name and not re.search(rf"\bselector\b.*{re.escape(name)}", block.text):
                yield model.Hit(
                    sentence.line,
                    f"Its pods carry `app={hits.short(name, 40)}` only, so a service that selects "
                    "the real name sends them nothing; environment, probes and limits are missing.",
                    column=sentence.column,
                    end_line=max(
                        [sentence.end_line]
                        + [s.end_line for s in lines if "patch service" in s.text]
                    ),
                )


RULE = model.Rule(
    id="meaning/canary-without-traffic",
    severity=model.Severity.WARNING,
    summary="A trial deployment that no request reaches.",
    why="Nothing is tried: the canary makes no errors because it gets no traffic, and the release "
    "is promoted.",
    fix="Make it from the real manifest with another name and one more label, and keep the label "
    "that the service selects.",
    example=model.Example(
        bad="```bash\nkubectl create deployment desk-canary --image=desk:8\n```\n",
        good="```bash\nkubectl apply -f desk-canary.yaml  # labels: app=desk, track=canary\n```\n",
    ),
    check=check,
)
