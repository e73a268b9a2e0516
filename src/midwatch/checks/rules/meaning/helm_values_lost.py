"""A release upgraded, and its earlier settings lost."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(r"\bhelm\b[^|;&]*\bupgrade\b(?=[^|;&]*\s--set(?:-string)?[= ])")
UNLESS = lazy.pattern(
    r"""--reuse-values|--reset-then-reuse-values|\s-f[\s=]|--values|--install\b|\s-i\b"""
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`helm upgrade --set` without the values."""
    for sentence in sentences.every(subject, "helm"):
        found = FAULT.search(sentence.words)
        if found and not UNLESS.search(sentence.words):
            yield sentences.hit(
                sentence,
                "With `--set` alone, everything set at earlier upgrades goes back to the chart's "
                "defaults.",
            )


RULE = model.Rule(
    id="meaning/helm-values-lost",
    severity=model.Severity.WARNING,
    summary="A release upgraded, and its earlier settings lost.",
    why="The one value is changed, and the database address, the limits and the replicas are the "
    "chart's again.",
    fix="Give the values file (`-f values.yaml`), or add `--reuse-values`.",
    example=model.Example(
        bad="```bash\nhelm upgrade sorter ./chart --set image.tag=1.4\n```\n",
        good="```bash\nhelm upgrade sorter ./chart -f values.yaml --set image.tag=1.4\n```\n",
    ),
    check=check,
)
