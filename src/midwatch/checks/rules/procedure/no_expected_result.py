"""Checks that do not say what a good answer is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

ENOUGH = 5
LOOKS = frozenset({runbooks.Phase.VERIFY, runbooks.Phase.DIAGNOSE})
SAYS = lazy.pattern(
    r"\bexpect|\bshould\b|\bhealthy\b|\bif (?:it|the|you|this|any)\b|\boutput|\bnormal|\bmust be\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A document of many checks, none of which says what should be seen."""
    verifying = [
        step
        for _, step in facts.steps(subject)
        if step.commands and step.phase is runbooks.Phase.VERIFY
    ]
    looking = [step for _, step in facts.steps(subject) if step.commands and step.phase in LOOKS]
    told = any(step.expected for _, step in facts.steps(subject))
    if not verifying or len(looking) < ENOUGH or told or SAYS.search(subject.text):
        return
    yield model.Hit(
        verifying[0].line,
        f"None of the {len(looking)} checks in this document says what should be seen.",
    )


RULE = model.Rule(
    id="procedure/no-expected-result",
    severity=model.Severity.INFO,
    summary="Checks without a word about what a good answer looks like.",
    why="Somebody who has never seen the healthy system cannot tell from the output whether it is "
    "healed.",
    fix="Add the answer after the command: `# Should output: 3/3 Running`.",
    example=model.Example(
        bad="## Sorter hangs\n\n**Diagnosis**:\n\n```bash\n# Pods\nkubectl get pods\n\n# Load\n"
        "kubectl top pods\n\n# Events\nkubectl get events\n\n# Nodes\nkubectl get nodes\n"
        "```\n\n**Verification**:\n\n```bash\ncurl -sf https://sorter.example/health\n```\n",
        good="## Sorter hangs\n\n**Diagnosis**:\n\n```bash\n# Pods\nkubectl get pods\n\n# Load\n"
        "kubectl top pods\n\n# Events\nkubectl get events\n\n# Nodes\nkubectl get nodes\n"
        "```\n\n**Verification**:\n\n```bash\ncurl -sf https://sorter.example/health\n"
        "# Should output: ok\n```\n",
    ),
    check=check,
)
