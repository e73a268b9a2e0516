"""The phase of a step, refined by its own title where its section names none."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.runbook import model, vocabulary

VERIFY = frozenset({"verify", "confirm", "validate", "verification"})
TELL = frozenset({"notify", "announce", "communicate", "inform"})


BACK = lazy.pattern(
    r"[.;(]\s*(?:to\s+)?(?:roll(?:ing)?[ -]?back|undo|revert)(?:\s+(?:this|it|by|with))?\W*$",
    re.IGNORECASE,
)
"""What a sentence says of its second command: `…. Rollback: …`, `… (undo: …)`."""


def takes_back(before: str) -> bool:
    """Whether what stands before a command says that it takes back the one before it."""
    return BACK.search(before) is not None


def refine(given: model.Phase, title: str) -> model.Phase:
    """The phase of a step whose section names none, where its own title names one."""
    if given is not model.Phase.OPERATE:
        return given
    words = title.lower().split()
    if not words:
        return given
    if words[0] in VERIFY:
        return model.Phase.VERIFY
    if words[0] in TELL:
        return model.Phase.COMMUNICATE
    role = vocabulary.role(title)
    return vocabulary.PHASES.get(role, given) if role in vocabulary.ACTIONS else given
