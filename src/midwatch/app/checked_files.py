"""Which files a check reads, and how they are named in findings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from midwatch.app import source_files
from midwatch.base import errors

SUFFIXES = frozenset({".md", ".markdown"})
LARGEST = 1_000_000
"""Bytes; a larger file is not searched for the heading that a link names."""
SKIPPED = frozenset({"node_modules", "vendor", "venv", "__pycache__", "site-packages"})


class Nearby:
    """The files beside a document or above it, within its repository."""

    def __init__(self, path: Path) -> None:
        self._folders = tuple(_folders(path.resolve().parent))

    def exists(self, name: str) -> bool:
        """Whether there is a file or folder of that name."""
        return any((folder / name).exists() for folder in self._folders)

    def text(self, name: str) -> str | None:
        """What stands in the Markdown file that a link of the document leads to."""
        path = Path(os.path.normpath(self._folders[0] / name))
        inside = path.is_relative_to(self._folders[-1]) and path.suffix.lower() in SUFFIXES
        try:
            if not inside or path.stat().st_size > LARGEST:
                return None
            return path.read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):
            return None


def _folders(folder: Path) -> list[Path]:
    """A folder and those above it, as far as its repository goes."""
    folders = [folder]
    while not (folders[-1] / ".git").exists() and folders[-1] != folders[-1].parent:
        folders.append(folders[-1].parent)
    return folders if (folders[-1] / ".git").exists() else folders[:1]


def markdown_files(paths: Iterable[Path], exclude: Sequence[str] = ()) -> list[Path]:
    """The Markdown files below the paths, each once; a file named outright is taken as it is."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = [p for p in walk(path) if not any(p.match(pattern) for pattern in exclude)]
            if not below:
                raise errors.UserError(
                    f"{path} holds no Markdown file.", "Name the folder that your runbooks are in."
                )
            found.update(dict.fromkeys(below))
        elif path.exists():
            found[path] = None
        else:
            raise source_files.missing(path)
    return list(found)


def walk(folder: Path) -> Iterator[Path]:
    """The Markdown files in a folder and below; hidden folders and installed packages left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED)
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(parent) / name


def shown(path: Path) -> str:
    """The path as findings name it: relative to here where it is below, with forward slashes."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (resolve would follow links)
    here = Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()
