"""Sets of words written as one text, so that a list of a hundred names stays readable."""

from __future__ import annotations


def of(text: str) -> frozenset[str]:
    """The words of the text, as a set."""
    return frozenset(text.split())
