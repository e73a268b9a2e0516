"""What was found in a document before, as long as nothing that decided it has changed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from typing import cast

from midwatch.app import kept, own_files
from midwatch.checks import model, selection
from midwatch.db import cache
from midwatch.runbook import encoding


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """One file's own findings, and what other files may ask of it."""

    findings: tuple[model.Finding, ...]
    outline: model.Outline


class Asked:
    """A question about files that remembers what it was asked and what the answers were."""

    def __init__(self, exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self.answers: dict[str, bool] = {}

    def __call__(self, path: str) -> bool:
        """Whether that path exists."""
        if path not in self.answers:
            self.answers[path] = self._exists(path)
        return self.answers[path]


def key(path: str, data: bytes, chosen: selection.Selection) -> str:
    """What tells one check from another: the file, its name, the rules, and the team's choice."""
    digest = hashlib.sha256(own_files.digest("checks"))
    digest.update(repr(chosen).encode() + b"\0" + kept.key(path, data).encode())
    return digest.hexdigest()


def find(name: str, exists: Callable[[str], bool]) -> Document | None:
    """What was kept under a key, if the files that it asked for are still there, or still not."""
    place = cache.Cache(cache.folder())
    body = place.get(name)
    if body is None:
        return None
    try:
        answers, document = json.loads(body)
        if any(exists(path) is not answer for path, answer in answers.items()):
            return None
        return cast("Document", encoding.decoder(Document)(document))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        place.drop(name)
        return None


def keep(name: str, document: Document, asked: Asked) -> None:
    """Keep what was found, with the questions it asked."""
    body = json.dumps([asked.answers, encoding.encoder(Document)(document)], ensure_ascii=False)
    cache.Cache(cache.folder()).put(name, body.encode("utf-8", "surrogatepass"))
