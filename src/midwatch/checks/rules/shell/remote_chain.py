"""A chain of which only the first command runs on the other machine."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"^ssh\s+(?:-\S+\s+)*[\w.@${}<>_-]+\s+(?:cd|sudo|systemctl|rm|docker|cp|mv)\b[^|;&]*&&\s*(?P<next>(?:cd|sudo|systemctl|rm|docker|cp|mv|tar|git|\./)\S*)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`ssh HOST cd /srv && …` without quotes."""
    for sentence in sentences.every(subject, "ssh"):
        found = FAULT.search(sentence.bare)
        if found:
            yield sentences.hit(
                sentence,
                f"`{found['next']}` and what follows runs on your own machine: the `&&` is taken "
                "by your shell.",
            )


RULE = model.Rule(
    id="shell/remote-chain",
    severity=model.Severity.WARNING,
    summary="A chain of which only the first command runs on the other machine.",
    why="The second half is done to the operator's own machine: the wrong service restarts, the "
    "wrong files go.",
    fix="Quote all of it: `ssh HOST 'cd /srv && …'`.",
    example=model.Example(
        bad="```bash\nssh sorter-1 cd /srv/sorter && rm -rf spool\n```\n",
        good="```bash\nssh sorter-1 'cd /srv/sorter && rm -rf spool'\n```\n",
    ),
    check=check,
)
