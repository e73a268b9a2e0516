"""What a team taught Midwatch: `.midwatch/knowledge` beside its runbooks, or in a folder above."""

from __future__ import annotations

from pathlib import Path

from midwatch.commands import knowledge_base

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
