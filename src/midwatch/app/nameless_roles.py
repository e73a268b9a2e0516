"""Roles in runbooks that stand for nobody in midwatch.toml, for the rule that speaks of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.app import checked_files, documents
from midwatch.base import errors, lazy
from midwatch.checks import model

if TYPE_CHECKING:
    from midwatch.app import runbook_policies, settings
    from midwatch.incidents import runbook_policy
else:
    runbook_policies = lazy.module("midwatch.app.runbook_policies")
    settings = lazy.module("midwatch.app.settings")
    runbook_policy = lazy.module("midwatch.incidents.runbook_policy")

MARK = "[people."
"""A midwatch.toml without people tells nobody, and has nobody to be named."""


def in_files(
    paths: Sequence[Path], exclude: Sequence[str], folder: Path
) -> Iterator[model.Nameless]:
    """Those of the runbooks asked for, where the team has people to tell."""
    place = folder / "midwatch.toml"
    if not paths or not place.is_file() or MARK not in place.read_text("utf-8", "replace"):
        return
    watch = settings.read(place).watch
    if watch is None:
        return
    names = runbook_policies.names(watch)
    for path in checked_files.markdown_files(tuple(paths), tuple(exclude)):
        name = checked_files.shown(path)
        with contextlib.suppress(errors.MidwatchError):
            runbook = documents.read(name)
            policies = watch.policies
            if any(Path(name).resolve() == (folder / each).resolve() for each in policies):
                continue
            yield from _of(name, runbook_policy.nameless(runbook, names, watch.default_policy))


def _of(name: str, told: Sequence[runbook_policy.Told]) -> Iterator[model.Nameless]:
    for each in told:
        yield model.Nameless(name, each.line, each.words)
