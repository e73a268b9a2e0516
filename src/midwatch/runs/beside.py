"""The fact beside a question: what was seen last of what the document asks about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from midwatch.commands import model as commands
from midwatch.runs import model, questions

if TYPE_CHECKING:
    from midwatch.runs import state as states

MOST = 6
WORD = re.compile(r"[a-z0-9]{3,}")
COMMON = frozenset(
    {
        "and", "are", "but", "can", "for", "from", "has", "have", "issue", "issues", "needed",
        "not", "one", "persist", "persists", "still", "that", "the", "then", "there", "this",
        "was", "when", "with", "yes", "you",
    }
)  # fmt: skip
"""Words that say nothing of what is asked about."""


def of(state: states.State, step: model.PlannedStep, asked: str) -> questions.Fact | None:
    """Of the steps before this one, what that printed which speaks most of what is asked."""
    wanted = _words(asked)
    best: tuple[int, bool, int] | None = None
    for index, seen in state.seen.items():
        if index >= step.index:
            continue
        told = state.plan.steps[index]
        common = len(wanted & _words(f"{told.title} {told.text} {seen}"))
        told_by = (common, told.effect is commands.Effect.READ, index)
        best = max(best or told_by, told_by)
    if best is None:
        return None
    _, _, index = best
    together = [state.seen[each] for each in _under_one_title(state, index, step.index)]
    lines = "\n".join(together).splitlines()
    return questions.Fact(state.plan.steps[index], tuple(lines[-MOST:]))


def _under_one_title(state: states.State, index: int, end: int) -> list[int]:
    """The steps around that one which the document says one thing of, as far as they printed."""
    steps = state.plan.steps
    first = last = index
    while first > 0 and steps[first - 1].title == steps[index].title:
        first -= 1
    while last + 1 < end and steps[last + 1].title == steps[index].title:
        last += 1
    return [each for each in range(first, last + 1) if state.seen.get(each)]


def _words(text: str) -> frozenset[str]:
    """What the text speaks of; one word in the plural and one without it are the same."""
    found = WORD.findall(text.lower())
    return frozenset(word.removesuffix("s") for word in found if word not in COMMON)
