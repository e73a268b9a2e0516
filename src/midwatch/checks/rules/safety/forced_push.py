"""The history of a shared branch overwritten."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"\bgit\s+push\b(?=[^;&|]*\s(?:-f|--force)(?:\s|$))(?![^;&|]*--force-with-lease)[^;&|]*?(?:\s(?P<branch>main|master|production|prod|release\S*)\b|$)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`git push --force` to main."""
    for sentence in sentences.every(subject, "push"):
        found = FAULT.search(sentence.words)
        if found:
            yield sentences.hit(
                sentence,
                "What others pushed in the meantime is gone from the branch, and with it the way "
                "back.",
            )


RULE = model.Rule(
    id="safety/forced-push",
    severity=model.Severity.WARNING,
    summary="The history of a shared branch overwritten.",
    why="The commit that fixed the last incident is overwritten in this one.",
    fix="Use `git revert`, or at least `--force-with-lease`.",
    example=model.Example(
        bad="```bash\ngit reset --hard HEAD~1\ngit push --force origin main\n```\n",
        good="```bash\ngit revert --no-edit HEAD\ngit push origin main\n```\n",
    ),
    check=check,
)
