"""What a shell may offer when somebody presses Tab: never slow, never an error, nothing written."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import errors, lazy
from midwatch.db import place

if TYPE_CHECKING:
    from midwatch.app import kept, settings, source_files
    from midwatch.runbook import anchors
    from midwatch.runs import journal
else:
    kept = lazy.module("midwatch.app.kept")
    settings = lazy.module("midwatch.app.settings")
    source_files = lazy.module("midwatch.app.source_files")
    anchors = lazy.module("midwatch.runbook.anchors")
    journal = lazy.module("midwatch.runs.journal")

ENDINGS = frozenset({".md", ".markdown"})
SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
FENCE = re.compile(r" {0,3}(```+|~~~+)")
HEADING = re.compile(r" {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
MARKS = re.compile(r"[*_`]")
MANY = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """Something that can stand there, and a word about it."""

    text: str
    about: str = ""


def addresses(begun: str) -> list[Offer]:
    """Runbooks, and after `#` their procedures; a single runbook is opened at once."""
    path, mark, name = begun.partition("#")
    if mark:
        return [each for each in _procedures(path) if each.text.startswith(f"{path}#{name}")]
    found = list(_paths(begun))
    while len(found) == 1 and found[0].endswith("/"):
        deeper = list(_paths(found[0]))
        if not deeper:
            break
        found = deeper
    if len(found) == 1 and not found[0].endswith("/"):
        return list(_procedures(found[0])) or [Offer(found[0])]
    return [Offer(each if each.endswith("/") else f"{each}#") for each in found[:MANY]]


def _paths(begun: str) -> Iterator[str]:
    """Folders and Markdown files whose name begins so, as they were begun."""
    head, slash, name = begun.rpartition("/")
    folder = Path(head + slash).expanduser() if slash else Path()
    for entry in _entries(folder):
        hidden = entry.name.startswith(".") and not name.startswith(".")
        if hidden or entry.name in SKIPPED or not entry.name.startswith(name):
            continue
        shown = f"{head}{slash}{entry.name}"
        if _is_folder(entry):
            yield f"{shown}/"
        elif Path(entry.name).suffix.lower() in ENDINGS:
            yield shown


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except (OSError, ValueError):
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return stat.S_ISDIR(entry.stat().st_mode)
    except OSError:
        return False


def _procedures(path: str) -> Iterator[Offer]:
    """The procedures of a runbook that was read before; else the headings that may be one."""
    try:
        data = source_files.read(Path(path).expanduser())
    except (errors.MidwatchError, RuntimeError):
        return
    known = kept.find(path, data)
    if known is not None:
        for each in known.procedures:
            yield Offer(f"{path}#{each.id}", each.title)
        return
    for title, anchor in _headings(data.decode("utf-8", "replace")):
        yield Offer(f"{path}#{anchor}", title)


def _headings(text: str) -> Iterator[tuple[str, str]]:
    """Headings with code below them: quick, and near enough for a first look."""
    taken = anchors.Anchors()
    fence, heading = "", ("", "")
    for line in text.splitlines():
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
            if heading[0]:
                yield heading
                heading = ("", "")
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif not fence and (found := HEADING.match(line)):
            title = MARKS.sub("", found[2])
            heading = (title, taken.take(title))


def targets(address: str, begun: str) -> list[Offer]:
    """The targets that count for the runbook."""
    path = address.partition("#")[0]
    starts = (Path(path).expanduser().resolve().parent, Path.cwd()) if path else (Path.cwd(),)
    try:
        found = settings.find(starts)
    except (errors.MidwatchError, OSError):
        return []
    return [
        Offer(each.name, each.description)
        for each in found.targets.values()
        if each.name.startswith(begun)
    ]


def inputs(address: str, begun: str) -> list[Offer]:
    """The inputs of the procedure, as `name=`, where the runbook was read before."""
    path, _, name = address.partition("#")
    try:
        runbook = kept.find(path, source_files.read(Path(path).expanduser()))
    except (errors.MidwatchError, RuntimeError):
        return []
    steps = (
        [step for each in runbook.procedures if each.id == name for step in each.steps]
        if (runbook)
        else []
    )
    found = {each.name: each for step in steps for each in step.inputs}
    return [
        Offer(f"{each.name}=", each.text)
        for each in found.values()
        if f"{each.name}=".startswith(begun)
    ]


def runs(begun: str, outcomes: frozenset[str] = frozenset()) -> list[Offer]:
    """The latest runs, newest first; where outcomes are named, only those."""
    try:
        folder = place.state_folder()
        if not (folder / journal.FILE_NAME).is_file():
            return []
        found = journal.Journal(folder).runs(MANY)
    except errors.MidwatchError:
        return []
    return [
        Offer(each.run_id, f"{each.outcome}: {each.title} on {each.target}")
        for each in found
        if each.run_id.startswith(begun) and (not outcomes or each.outcome.value in outcomes)
    ]
