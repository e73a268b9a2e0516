"""Tokens, known by their hashes alone, and compared in a time that tells nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Sequence

from midwatch.access import model

SHORTEST = 16
"""A token that is shorter can be guessed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """Whose token it is, and its hash."""

    actor: model.Actor
    digest: bytes


def digest(token: str) -> bytes:
    """The hash of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def holder(known: Sequence[Token], given: str) -> model.Actor | None:
    """Whose token that is; every one is looked at, whichever fits."""
    presented = digest(given)
    found = None
    for token in known:
        if hmac.compare_digest(token.digest, presented):
            found = token.actor
    return found
