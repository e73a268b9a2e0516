"""Blocks that fell out of their list item, put back: less indented than its text, or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.runbook import passages


def attach(found: Sequence[passages.Passage]) -> list[passages.Passage]:
    """The passages, each block that belongs to the item before it standing in that item."""
    attached: list[passages.Passage] = []
    for index, passage in enumerate(found):
        last = attached[-1] if attached else None
        following = found[index + 1] if index + 1 < len(found) else None
        if last is not None and _belongs(passage, last, following):
            attached.append(dataclasses.replace(passage, items=last.items))
        else:
            attached.append(passage)
    return attached


def _belongs(
    passage: passages.Passage, last: passages.Passage, following: passages.Passage | None
) -> bool:
    """Whether a block outside any list belongs to the item just before it."""
    if passage.shape is not passages.Shape.BLOCK or passage.items or not last.items:
        return False
    if last.shape is passages.Shape.PARAGRAPH and last.text.rstrip().endswith(":"):
        return True
    if (
        passage.fenced
        and passage.excerpt.origins[0].column > 1
        and passage.line == last.end_line + 1
    ):
        return True
    number = last.items[0].number
    if number is None or following is None or not following.items:
        return False
    return following.items[0].number == number + 1
