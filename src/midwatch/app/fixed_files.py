"""The safe fixes of a check: as one patch, and in the files themselves where that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from midwatch.app import source_files
from midwatch.base import errors, shape
from midwatch.checks import fixing, model
from midwatch.runbook import source


@shape.frozen
class Fixes:
    """What can be mended without a person's judgement."""

    patch: bytes = b""
    files: tuple[str, ...] = ()
    """The files that the patch changes."""
    mended: frozenset[model.Finding] = frozenset()
    """The findings that are gone once it is applied."""
    written: bool = False
    """The files are changed already."""


def fixes(findings: Iterable[model.Finding], given: Mapping[str, bytes], *, write: bool) -> Fixes:
    """The safe fixes as one patch; with `write`, made in the files as well.

    `given` holds documents that are no files, by the name that findings give them.
    """
    by_path: dict[str, list[model.Finding]] = {}
    for finding in findings:
        if finding.replacement is not None:
            by_path.setdefault(finding.path, []).append(finding)
    patches: dict[str, bytes] = {}
    mended: list[model.Finding] = []
    for name, found in by_path.items():
        before = given[name] if name in given else source_files.read_any(Path(name))
        unchanged(name, before, found)
        fixed = fixing.apply(before, [f.replacement for f in found if f.replacement is not None])
        if fixed.data == before:
            continue
        patches[name] = fixing.patch(name, before, fixed.data)
        mended += [finding for finding in found if finding.replacement in fixed.made]
        if write and name not in given:
            save(Path(name), fixed.data)
    return Fixes(b"".join(patches.values()), tuple(patches), frozenset(mended), written=write)


def unchanged(name: str, data: bytes, found: Iterable[model.Finding]) -> None:
    """Refuse to change a file that is no longer the one that was read."""
    lines = source.read(name, data).lines
    for finding in found:
        if finding.source != (lines[finding.line - 1] if finding.line <= len(lines) else ""):
            raise errors.UserError(
                f"{name} changed while it was checked; nothing was written to it.",
                "Check it again.",
            )


def save(path: Path, data: bytes) -> None:
    """Write a file's new bytes in its place, with its owner, mode and links as they are."""
    try:
        path.write_bytes(data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(
            f"{path} cannot be written: {reason}.", "Leave --write out, and apply the patch."
        ) from error
