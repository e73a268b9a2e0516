"""A threshold whose unit is not that of what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import hits, model, sentences

SECONDS = lazy.pattern(
    r"(?:>|over|above|exceeds?|more than)\s*(?P<number>\d+)\s*(?P<unit>s\b|sec\b|seconds?\b|m\b"
    r"|min\b|minutes?\b)",
    re.IGNORECASE,
)
COMPARED = lazy.pattern(r"-(?:gt|ge)\s+(?P<number>\d+)|(?<![<>=])>=?\s*(?P<plain>\d{3,})\b")
LAG = lazy.pattern(r"\b\w*(?:lag|backlog|depth|queue)\w*\b", re.IGNORECASE)
ALERT = lazy.pattern(r"\b(?P<name>[A-Z]\w*(?:Lag|Backlog|Depth)\w*)\s*>=?\s*(?P<number>\d{3,})\b")
RATE = lazy.pattern(
    r"\brate\((?P<inside>[^()]*(?:5\.\.|5xx|error|fail)[^()]*)\)(?!\s*/)", re.IGNORECASE
)
RATIO = lazy.pattern(r"(?P<sign>[<>])=?\s*0?\.0*[1-9]\d*\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Seconds compared with a count, and requests a second compared with a share."""
    for _, lines in sentences.read(subject):
        rated: tuple[str, int] | None = None
        spoken: tuple[re.Match[str], int] | None = None
        for sentence in lines:
            said = SECONDS.search(sentence.comment)
            if said and LAG.search(sentence.comment):
                spoken = (said, sentence.line)
            compared = COMPARED.search(sentence.bare)
            if spoken and compared:
                yield from seconds(sentence, spoken, compared)
            kept = re.match(r"(\w+)=", sentence.text)
            if RATE.search(sentence.text) and kept:
                rated = (kept[1], sentence.line)
            elif rated and rated[0] in sentence.text and RATIO.search(sentence.text):
                yield model.Hit(
                    rated[1],
                    f"`{rated[0]}` is errors a second, and line {sentence.line} compares it with a "
                    "share of all requests.",
                    end_line=sentence.line,
                    severity=model.Severity.WARNING,
                )
    yield from alerts(subject)


def seconds(
    sentence: sentences.Sentence, spoken: tuple[re.Match[str], int], compared: re.Match[str]
) -> Iterator[model.Hit]:
    """A limit said in seconds, tested on a number that counts something."""
    said, line = spoken
    limit = int(compared["number"] or compared["plain"])
    if limit == int(said["number"]) * 1000:
        yield model.Hit(
            line,
            f"The limit is said to be {said['number']} {said['unit']}, and line {sentence.line} "
            f"tests {limit} messages.",
            end_line=sentence.end_line,
        )


def alerts(subject: model.Subject) -> Iterator[model.Hit]:
    """A heading in seconds, and an alert below it in thousands of something counted."""
    title: re.Match[str] | None = None
    at = 0
    for number, line in enumerate(subject.lines, 1):
        if line.startswith("#"):
            title = SECONDS.search(line) if LAG.search(line) else None
            at = number
        alert = ALERT.search(line) if title else None
        if title and alert and int(alert["number"]) == int(title["number"]) * 1000:
            yield model.Hit(
                at,
                f"The heading says {title['number']}{title['unit']}, and the alert on line "
                f"{number} "
                f"`{hits.short(alert.group(), 50)}` counts messages or milliseconds.",
                end_line=number,
                severity=model.Severity.WARNING,
            )


RULE = model.Rule(
    id="meaning/unit-mismatch",
    severity=model.Severity.ERROR,
    summary="A threshold in another unit than what it is compared with.",
    why="Sixty seconds of lag may be ten messages or a million: the alert comes hours late or all "
    "the time.",
    fix="Measure what the limit speaks of, or give the limit in what is measured.",
    example=model.Example(
        bad='```bash\n# Page if the lag is > 30 seconds\nif [ "$LAG" -gt 30000 ]; then '
        'echo "$LAG messages behind"; fi\n```\n',
        good='```bash\n# Page if the lag is > 30000 messages\nif [ "$LAG" -gt 30000 ]; then '
        'echo "$LAG messages behind"; fi\n```\n',
    ),
    check=check,
)
