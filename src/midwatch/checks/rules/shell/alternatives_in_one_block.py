"""Two ways of doing the same in one block, run one after the other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model, sentences

OR = lazy.pattern(r"^\s*(?:or|alternatively|either|otherwise)\b[\s:,.]*", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A comment `# or` between two commands, and one change that is made twice."""
    for _, lines in sentences.read(subject):
        for before, after in itertools.pairwise(lines):
            if OR.match(after.comment.rpartition("\n")[2]) or OR.match(after.comment):
                yield model.Hit(
                    after.line,
                    f"`{hits.short(after.text, 40)}` is another way of doing what "
                    f"`{hits.short(before.text, 40)}` did, and the block runs both.",
                    column=after.column,
                    end_line=after.end_line,
                    severity=None if changes(subject, after) else model.Severity.INFO,
                )
    yield from undone_twice(subject)


def changes(subject: model.Subject, sentence: sentences.Sentence) -> bool:
    """Whether a command on that line changes something."""
    return any(
        facts.changes_world(located.command)
        for _, step in facts.steps(subject)
        for located in step.commands
        if located.line == sentence.line
    )


def undone_twice(subject: model.Subject) -> Iterator[model.Hit]:
    """`rollout undo` of the same thing twice in a block."""
    seen: dict[tuple[int, str], int] = {}
    for found in facts.found(subject, "kubectl"):
        if found.command.path != ("rollout", "undo") or found.step.fence_line == 0:
            continue
        key = (found.step.fence_line, str(found.command.target))
        if key in seen:
            yield hits.of_command(
                found,
                f"The block has already rolled this back on line {seen[key]}; run whole, it goes "
                "back twice.",
            )
        seen.setdefault(key, found.line)


RULE = model.Rule(
    id="shell/alternatives-in-one-block",
    severity=model.Severity.WARNING,
    summary="Alternatives written as a sequence.",
    why="Whoever pastes the block, or a tool that runs it, does both: two restarts, two rollbacks, "
    "two deletions.",
    fix="Give each way a block of its own, and say when to take which.",
    example=model.Example(
        bad="```bash\nsystemctl restart sorter\n# Or everything:\nsystemctl restart "
        "parcels.target\n"
        "```\n",
        good="One sorter:\n\n```bash\nsystemctl restart sorter\n```\n\nEverything:\n\n```bash\n"
        "systemctl restart parcels.target\n```\n",
    ),
    check=check,
)
