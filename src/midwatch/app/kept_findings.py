"""What was found in a document before, as long as nothing that decided it has changed."""

from __future__ import annotations

import hashlib
import json
from typing import cast

from midwatch.app import checked_files, kept, own_files
from midwatch.base import shape
from midwatch.checks import model, selection
from midwatch.db import cache
from midwatch.runbook import encoding


@shape.frozen
class Document:
    """One file's own findings, and what other files may ask of it."""

    findings: tuple[model.Finding, ...]
    outline: model.Outline


class Asked:
    """Questions about files; it remembers what it was asked and what the answers were."""

    def __init__(self, files: checked_files.Nearby) -> None:
        self._files = files
        self.existing: dict[str, bool] = {}
        self.read: dict[str, str | None] = {}
        """The digest of each file that was read; None where there was none."""

    def exists(self, path: str) -> bool:
        """Whether that path exists."""
        if path not in self.existing:
            self.existing[path] = self._files.exists(path)
        return self.existing[path]

    def text(self, path: str) -> str | None:
        """What stands in the file of that path."""
        text = self._files.text(path)
        self.read[path] = _digest(text)
        return text

    @property
    def answers(self) -> list[dict[str, bool] | dict[str, str | None]]:
        """All that was asked and answered."""
        return [self.existing, self.read]


def _digest(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


def key(path: str, data: bytes, chosen: selection.Selection) -> str:
    """What tells one check from another: the file, its name, the rules, and the team's choice."""
    digest = hashlib.sha256(own_files.digest("checks"))
    digest.update(repr(chosen).encode() + b"\0" + kept.key(path, data).encode())
    return digest.hexdigest()


def find(name: str, files: checked_files.Nearby) -> Document | None:
    """What was kept under a key, if the files that it asked for are still there, or still not."""
    place = cache.Cache(cache.folder())
    body = place.get(name)
    if body is None:
        return None
    try:
        (existing, read), document = json.loads(body)
        if any(files.exists(path) is not answer for path, answer in existing.items()):
            return None
        if any(_digest(files.text(path)) != digest for path, digest in read.items()):
            return None
        return cast("Document", encoding.decoder(Document)(document))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        place.drop(name)
        return None


def keep(name: str, document: Document, asked: Asked) -> None:
    """Keep what was found, with the questions it asked."""
    body = json.dumps([asked.answers, encoding.encoder(Document)(document)], ensure_ascii=False)
    cache.Cache(cache.folder()).put(name, body.encode("utf-8", "surrogatepass"))
