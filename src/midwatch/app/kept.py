"""Runbooks read before are not read again: kept by content, version and knowledge."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import os
from collections.abc import Iterator
from importlib.resources import abc
from pathlib import Path

import midwatch
from midwatch.app import team_knowledge
from midwatch.db import cache
from midwatch.runbook import encoding, model

ROOMS = ("midwatch.commands", "midwatch.runbook")
"""What a runbook is made by: a change in there makes what was kept old."""


def find(path: str, data: bytes) -> model.Runbook | None:
    """The runbook that was made of these bytes before, if it is still good."""
    place = cache.Cache(cache.folder())
    name = key(path, data)
    body = place.get(name)
    if body is None:
        return None
    try:
        return encoding.load(body)
    except encoding.DamagedError:
        place.drop(name)
        return None


def keep(path: str, data: bytes, body: bytes) -> None:
    """Keep a runbook, already as bytes."""
    cache.Cache(cache.folder()).put(key(path, data), body)


def key(path: str, data: bytes) -> str:
    """What tells one reading from another: content, name, Midwatch and what it knows."""
    digest = hashlib.sha256(made_by())
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


@functools.cache
def made_by() -> bytes:
    """The digest of Midwatch's version and of the files that decide what is read."""
    digest = hashlib.sha256(midwatch.__version__.encode())
    for room in ROOMS:
        for name, stamp in sorted(_stamps(importlib.resources.files(room), "")):
            digest.update(f"{room}/{name}:{stamp}\n".encode())
    return digest.digest()


def _stamps(folder: abc.Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    """Each file with its size and the time of its last change; a hash where there is no time."""
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _stamps(entry, f"{name}/")
        elif isinstance(entry, os.PathLike):
            state = Path(entry).stat()
            yield name, f"{state.st_size}-{state.st_mtime_ns}"
        else:
            yield name, hashlib.sha256(entry.read_bytes()).hexdigest()
