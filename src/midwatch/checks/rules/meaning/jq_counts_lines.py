"""Records counted by the lines that jq spreads them over."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

COUNTS = lazy.pattern(
    r"\bjq\b(?P<flags>(?:\s+-[\w-]+)*)\s+(?P<filter>'[^']*'|\"[^\"]*\")[^|]*\|\s*wc\s+-l"
)
COMPACT = lazy.pattern(r"-\w*[crj]|--compact|--raw|--tab")
LINES = lazy.pattern(r"\.\w+[\"'\s]*$|@\w+|length|keys\b.*\[\]|tostring|join\(")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`jq 'select(…)' | wc -l` without `-c`."""
    for sentence in sentences.every(subject, "jq"):
        counts = COUNTS.search(sentence.text)
        if not counts or COMPACT.search(counts["flags"]):
            continue
        if "select(" in counts["filter"] and not LINES.search(counts["filter"].strip("'\"")):
            yield sentences.hit(
                sentence,
                "jq spreads each record over many lines, and `wc -l` counts those.",
                at=counts.start(),
                length=len(counts.group()),
            )


RULE = model.Rule(
    id="meaning/jq-counts-lines",
    severity=model.Severity.WARNING,
    summary="Records counted by the lines that jq spreads them over.",
    why="Two errors are counted as eight: thresholds are crossed that were not, and figures in the "
    "report are wrong.",
    fix="Add `-c`, one record a line.",
    example=model.Example(
        bad="```bash\ncat jams.json | jq 'select(.lane == 3)' | wc -l\n```\n",
        good="```bash\ncat jams.json | jq -c 'select(.lane == 3)' | wc -l\n```\n",
    ),
    check=check,
)
