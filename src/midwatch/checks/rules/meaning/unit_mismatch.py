"""A threshold whose unit is not that of what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import durations, facts, hits, model, promql, sentences
from midwatch.runbook import model as runbooks

SECONDS = lazy.pattern(
    r"(?:>|over|above|exceeds?|more than|longer than|older than)\s*(?P<number>\d+)\s*"
    r"(?P<unit>s\b|sec\b|seconds?\b|m\b|min\b|minutes?\b)",
    re.IGNORECASE,
)
COMPARED = lazy.pattern(r"-(?:gt|ge)\s+(?P<number>\d+)|(?<![<>=])>=?\s*(?P<plain>\d{3,})\b")
LAG = lazy.pattern(r"\b\w*(?:lag|backlog|depth|queue)\w*\b", re.IGNORECASE)
ALERT = lazy.pattern(r"\b(?P<name>[A-Z]\w*(?:Lag|Backlog|Depth)\w*)\s*>=?\s*(?P<number>\d{3,})\b")
RATE = lazy.pattern(
    r"\brate\((?P<inside>[^()]*(?:5\.\.|5xx|error|fail)[^()]*)\)(?!\s*/)", re.IGNORECASE
)
COUNTED = lazy.pattern(
    r"\b(?:llen|xlen|zcard|scard|count|messages|depth|lag|backlog|queue\w*|\w*_(?:lag|depth|messages|size))\b",
    re.IGNORECASE,
)
"""Something that is a number of things."""
TIMED = lazy.pattern(
    r"(?:milli)?seconds|_ms\b|time|age\b|latency|duration|delay|[a-z]ms\b", re.IGNORECASE
)
NEAR = 6
"""Lines around a query in which the words stand that speak of it."""
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
    yield from spoken_of(subject)
    yield from measured(subject)


def spoken_of(subject: model.Subject) -> Iterator[model.Hit]:
    """A section that speaks of seconds or minutes, and tests a count against milliseconds."""
    limits = list(spoken(subject))
    for procedure in subject.runbook.procedures if limits else ():
        own = range(procedure.line, procedure.end_line + 1)
        said = {limit: (number, words) for number, limit, words in limits if number in own}
        for number, line in code(subject, procedure):
            for compared in COMPARED.finditer(line):
                limit = int(compared["number"] or compared["plain"])
                if limit in said and COUNTED.search(line) and not TIMED.search(line):
                    yield model.Hit(
                        number,
                        f"Line {said[limit][0]} says {said[limit][1]}, and {limit} is compared "
                        "with something counted.",
                        column=compared.start() + 1,
                        end_column=compared.end() + 1,
                        severity=model.Severity.WARNING,
                    )


def spoken(subject: model.Subject) -> Iterator[tuple[int, int, str]]:
    """The limits of time that words beside a lag or a queue name: line, milliseconds, words."""
    for number, line in facts.prose(subject):
        for found in SECONDS.finditer(line):
            length = durations.seconds(found.group())
            if length and LAG.search(line):
                yield number, round(length * 1000), f"{found['number']} {found['unit']}"


def code(subject: model.Subject, procedure: runbooks.Procedure) -> Iterator[tuple[int, str]]:
    """The lines of a procedure's blocks."""
    for block in subject.runbook.blocks:
        if procedure.line <= block.line <= procedure.end_line and block.role != "output":
            yield from facts.block_lines(subject, block)


def measured(subject: model.Subject) -> Iterator[model.Hit]:
    """A query in seconds against a limit that the words beside it give in milliseconds."""
    prose = dict(facts.prose(subject))
    for expression in promql.expressions(subject):
        tree = promql.parse(expression.text)
        if tree is None or isinstance(tree, promql.Fault) or "_seconds" not in expression.text:
            continue
        near = range(expression.line - NEAR, expression.end_line + NEAR)
        words = f"{expression.threshold} {' '.join(prose.get(number, '') for number in near)}"
        for _, _, limit in promql.comparisons(tree):
            if re.search(rf"(?<![\d.]){limit:g}\s*(?:ms|millisec)", words):
                yield model.Hit(
                    expression.line,
                    f"The words say {limit:g} ms, and the query is in seconds: it waits for "
                    f"{limit:g} s.",
                    end_line=expression.end_line,
                    fix=f"Compare with {limit / 1000:g}.",
                )


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
