"""A team's people and the escalation in its runbooks, for the rules that judge the two together."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from midwatch.app import checked_files, documents
from midwatch.base import errors, lazy, shape
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    from midwatch.app import settings, watch_settings
else:
    settings = lazy.module("midwatch.app.settings")

MARK = "[people."
"""A midwatch.toml without people tells nobody, and has nobody to be named."""


@shape.frozen
class Team:
    """Who may be told, as the midwatch.toml of that folder has it."""

    folder: Path
    watch: watch_settings.Watch

    @property
    def place(self) -> Path:
        """The file itself."""
        return self.folder / "midwatch.toml"


def find(folder: Path) -> Team | None:
    """The team of that folder; None where nobody is named."""
    place = folder / "midwatch.toml"
    if not place.is_file() or MARK not in place.read_text("utf-8", "replace"):
        return None
    watch = settings.read(place).watch
    return Team(folder, watch) if watch is not None else None


Tables: TypeAlias = Sequence[tuple[str, runbooks.Runbook]]
"""Runbooks, each with its name in findings."""


def own_tables(team: Team, paths: Sequence[Path], exclude: Sequence[str]) -> Tables:
    """The runbooks whose own words count: no policy of midwatch.toml stands for them."""
    return tuple(_own_tables(team, paths, exclude))


def _own_tables(
    team: Team, paths: Sequence[Path], exclude: Sequence[str]
) -> Iterator[tuple[str, runbooks.Runbook]]:
    elsewhere = {(team.folder / each).resolve() for each in team.watch.policies}
    for path in checked_files.markdown_files(tuple(paths), tuple(exclude)):
        name = checked_files.shown(path)
        if Path(name).resolve() in elsewhere:
            continue
        with contextlib.suppress(errors.MidwatchError):
            yield name, documents.read(name)
