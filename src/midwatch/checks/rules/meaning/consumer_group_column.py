"""A column of `kafka-consumer-groups --describe` that is not the lag."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

TOOL = lazy.pattern(r"\bkafka-consumer-groups(?:\.sh)?\b")
PRINTS = lazy.pattern(
    r"\bawk\s+(?:-\S+\s+)*'[^']*?\$(?P<column>\d+)[^']*'|\bsort\s+(?:-\w+\s+)*-k\s*(?P<sorted>\d+)"
)
LAG = lazy.pattern(r"lag", re.IGNORECASE)
NAMES = {4: "CURRENT-OFFSET", 5: "LOG-END-OFFSET"}
SKIPS = lazy.pattern(r"\btail\s+-n\s*\+2\b|\bsed\s+1d\b|\bNR\s*>\s*1\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An awk or a sort that takes another column than the lag, or keeps the heading."""
    for sentence in sentences.every(subject, "kafka-consumer-groups"):
        if not TOOL.search(sentence.text) or "--describe" not in sentence.text:
            continue
        prints = PRINTS.search(sentence.text)
        if not prints:
            continue
        column = int(prints["column"] or prints["sorted"])
        about = f"{sentence.comment} {sentence.text.replace(TOOL.pattern, '')}"
        if column in NAMES and LAG.search(about):
            yield sentences.hit(
                sentence,
                f"Column {column} of `kafka-consumer-groups --describe` is {NAMES[column]}; the "
                "lag is column 6.",
                at=prints.start(),
                length=len(prints.group()),
                fix="" if prints["sorted"] else "Write `awk '$6 ~ /^[0-9]+$/ {print $6}'`.",
            )
        elif SKIPS.search(sentence.text):
            yield model.Hit(
                sentence.line,
                "The output begins with an empty line, so skipping one line keeps the heading.",
                column=sentence.column,
                end_line=sentence.end_line,
                severity=model.Severity.WARNING,
            )


RULE = model.Rule(
    id="meaning/consumer-group-column",
    severity=model.Severity.ERROR,
    summary="A column of `kafka-consumer-groups --describe` that is not the lag.",
    why="An offset only grows: the alert fires for ever on a busy topic, and never on a stuck one.",
    fix="Take column 6 and only numbers: an unassigned partition has `-` there.",
    example=model.Example(
        bad="```bash\nLAG=$(kafka-consumer-groups.sh --bootstrap-server k:9092 --group sorter "
        "--describe | awk '{print $5}' | tail -1)\n```\n",
        good="```bash\nLAG=$(kafka-consumer-groups.sh --bootstrap-server k:9092 --group sorter "
        "--describe | awk '$6 ~ /^[0-9]+$/ {s += $6} END {print s+0}')\n```\n",
    ),
    check=check,
    doubt="Before Kafka 2.1 the group's name was no column, and the lag was column 5.",
)
