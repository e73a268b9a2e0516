"""Runbooks read before are not read again: kept by content, version and knowledge."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from midwatch.app import own_files, team_knowledge
from midwatch.db import cache
from midwatch.runbook import encoding, model

ROOMS = ("commands", "runbook")
"""What a runbook is made by: a change in there makes what was kept old."""


def find(path: str, data: bytes) -> model.Runbook | None:
    """The runbook that was made of these bytes before, if it is still good."""
    place = cache.Cache(cache.folder())
    name = key(path, data)
    body = place.get(name)
    if body is None:
        return None
    try:
        return _decoded(body)
    except encoding.DamagedError:
        place.drop(name)
        return None


@functools.lru_cache(maxsize=8)
def _decoded(body: bytes) -> model.Runbook:
    """A host of many runs asks for the same runbook again and again."""
    return encoding.load(body)


def keep(path: str, data: bytes, body: bytes) -> None:
    """Keep a runbook, already as bytes."""
    cache.Cache(cache.folder()).put(key(path, data), body)


def key(path: str, data: bytes) -> str:
    """What tells one reading from another: content, name, Midwatch and what it knows."""
    digest = hashlib.sha256(own_files.digest(*ROOMS))
    digest.update(_taught(team_knowledge.find(Path(path))))
    digest.update(path.encode("utf-8", "surrogateescape") + b"\0")
    digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def _taught(folder: Path | None) -> bytes:
    """The digest of a team's own knowledge; nothing where there is none."""
    if folder is None:
        return b""
    files = sorted(folder.glob("*.toml"))
    return hashlib.sha256(b"".join(file.read_bytes() + b"\0" for file in files)).digest()
