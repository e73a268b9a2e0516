"""A name made up with the time, and needed again below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

MAKES = lazy.pattern(r"\b(?:create|run|snapshot)\b.*?(?P<stem>[\w-]*)\$\(date\b")
AGAIN = lazy.pattern(r"<(?:timestamp|date|time|epoch|seconds|suffix|job[\w-]*|snapshot[\w-]*)>")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`create job x-$(date +%s)`, then `job/x-<timestamp>`."""
    for _, lines in sentences.blocks(subject, "$(date"):
        for at, sentence in enumerate(lines):
            makes = MAKES.search(sentence.words)
            if not makes or re.match(r"\w+=", sentence.text):
                continue
            again = next((s for s in lines[at + 1 :] if AGAIN.search(s.text)), None)
            if again and makes["stem"] in again.text:
                yield model.Hit(
                    sentence.line,
                    "The name is made here and kept nowhere; line "
                    f"{again.line} needs it again and asks a person for it.",
                    column=sentence.column,
                    end_line=again.line,
                )


RULE = model.Rule(
    id="meaning/name-not-kept",
    severity=model.Severity.INFO,
    summary="A name made up with the time, and needed again below.",
    why="Whoever follows the page has to look it up, and takes the name of an older one.",
    fix="Keep it: `NAME=job-$(date +%s)`, and use `$NAME` in both places.",
    example=model.Example(
        bad="```bash\nkubectl create job --from=cronjob/sweep sweep-$(date +%s)\n"
        "kubectl logs job/sweep-<timestamp>\n```\n",
        good='```bash\nJOB=sweep-$(date +%s)\nkubectl create job --from=cronjob/sweep "$JOB"\n'
        'kubectl logs "job/$JOB"\n```\n',
    ),
    check=check,
)
