"""A runbook's bytes from disk, with a sentence for everything that can be wrong with a path."""

from __future__ import annotations

import difflib
from pathlib import Path

from midwatch.base import errors

LARGEST = 20_000_000
"""Bytes; nobody reads a longer runbook at night."""


def read(path: Path) -> bytes:
    """The bytes of a file that was named; a folder, a binary or an empty file is no runbook."""
    data = read_any(path)
    if b"\0" in data[:8192]:
        raise errors.UserError(
            f"{path} is a binary file, no Markdown.", "Name the Markdown file of your runbook."
        )
    if not data.strip():
        raise errors.UserError(f"{path} is empty.", "Name a runbook that has something in it.")
    return data


def read_any(path: Path) -> bytes:
    """The bytes of a file, whatever is in it; the largest are refused before they are read."""
    try:
        if path.stat().st_size > LARGEST:
            raise errors.UserError(
                f"{path} is larger than {LARGEST // 1_000_000} MB: that is no runbook.",
                "Split it, or name the right file.",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise missing(path) from error
    except IsADirectoryError as error:
        raise errors.UserError(f"{path} is a folder, no runbook.", _inside(path)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be read: {reason}.") from error
    except ValueError as error:
        raise errors.UserError(f"“{path}” is no path: {error}.") from error


def missing(path: Path) -> errors.UserError:
    """What to say of a file that is not there: the nearest name, where one is near."""
    return errors.UserError(f"{path} does not exist.", _near(path))


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    names = [each.name for each in path.parent.iterdir() if each.suffix == ".md"]
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    return f"Did you mean {path.parent / near[0]}?" if near else ""


def _inside(path: Path) -> str:
    names = sorted(each.name for each in path.glob("*.md"))
    return f"It holds {', '.join(names[:5])}." if names else "It holds no Markdown."
