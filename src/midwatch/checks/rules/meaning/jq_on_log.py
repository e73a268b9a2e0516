"""jq fed with a log in which not every line is JSON."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

READS = lazy.pattern(
    r"\b(?:kubectl|oc|docker|docker-compose)\b[^|\n]*\slogs\b[^|]*\|\s*jq\b(?P<rest>[^|]*)"
    r"|\bjournalctl\b(?![^|]*-o\s+json)[^|]*\|\s*jq\b(?P<other>[^|]*)"
)
CAREFUL = lazy.pattern(r"\s-\w*R|--raw-input|fromjson")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`logs … | jq` without `-R` and `fromjson?`."""
    for sentence in sentences.every(subject, "jq"):
        reads = READS.search(sentence.text)
        if reads and not CAREFUL.search(reads["rest"] or reads["other"] or ""):
            yield sentences.hit(
                sentence, "jq stops at the first line that is not JSON, and logs hold such lines."
            )


RULE = model.Rule(
    id="meaning/jq-on-log",
    severity=model.Severity.INFO,
    summary="jq fed with a log in which not every line is JSON.",
    why="A stack trace or a start-up banner ends the search: what comes after it is not seen.",
    fix="Write `jq -R 'fromjson? | select(…)'`.",
    example=model.Example(
        bad="```bash\nkubectl logs desk-0 | jq 'select(.status >= 500)'\n```\n",
        good="```bash\nkubectl logs desk-0 | jq -R 'fromjson? | select(.status >= 500)'\n```\n",
    ),
    check=check,
)
