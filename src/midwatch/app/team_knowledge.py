"""What a team taught Midwatch: `.midwatch/knowledge` beside its runbooks, or in a folder above."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.commands import knowledge_base
    from midwatch.runbook import model, reading
else:
    knowledge_base = lazy.module("midwatch.commands.knowledge_base")
    reading = lazy.module("midwatch.runbook.reading")

FOLDER = Path(".midwatch") / "knowledge"


def near(place: Path) -> knowledge_base.KnowledgeBase:
    """Midwatch's own knowledge, with the team's in front where there is any."""
    folder = find(place)
    builtin = knowledge_base.KnowledgeBase.builtin()
    return builtin.extended(folder) if folder is not None else builtin


def find(place: Path) -> Path | None:
    """The nearest knowledge folder at or above a place, the repository's root being the last."""
    start = place if place.is_dir() else place.parent
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / FOLDER).is_dir():
            return folder / FOLDER
        if (folder / ".git").exists():
            return None
    return None


def read(files: Sequence[tuple[str, bytes]]) -> Iterator[model.Runbook]:
    """Runbooks read in order, each with the knowledge that holds where it lies."""
    for folder, group in itertools.groupby(files, key=lambda file: find(Path(file[0]))):
        builtin = knowledge_base.KnowledgeBase.builtin()
        knowledge = builtin.extended(folder) if folder is not None else builtin
        yield from reading.read_many(list(group), knowledge)
