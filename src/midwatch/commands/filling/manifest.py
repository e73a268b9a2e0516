"""Values in a manifest: only words that YAML takes for nothing but a word."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import binding
from midwatch.commands.filling import model

PLAIN = lazy.pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._/@:-]*[A-Za-z0-9])?")


def fill(text: str, holes: Sequence[binding.Hole]) -> model.Filling:
    """The manifest with its values, or why that cannot be."""
    filled, at = "", 0
    for hole in sorted(holes, key=lambda each: each.start):
        if hole.variable:
            return binding.Refused(hole.name, "a secret would be written into a file")
        if not PLAIN.fullmatch(hole.value):
            return binding.Refused(hole.name, "only a plain word can go into YAML safely")
        filled += text[at : hole.start] + hole.value
        at = hole.end
    filled += text[at:]
    return model.Filled(filled, (filled,), ())
