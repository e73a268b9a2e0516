"""Midwatch as `pip install .` leaves it: what only an extra brings cannot be found."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Sequence
from importlib import abc, machinery
from types import ModuleType
from typing import cast

from midwatch.faces.cli import main


class Without(abc.MetaPathFinder):
    """Finds what another finder finds, but for what belongs to an extra."""

    def __init__(self, finder: abc.MetaPathFinder, hidden: frozenset[str]) -> None:
        self._finder = finder
        self._hidden = hidden

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in self._hidden:
            return None
        return self._finder.find_spec(fullname, path, target)


def installed() -> set[str]:
    """The distributions that Midwatch needs without any extra."""
    found: set[str] = set()
    waiting = ["midwatch"]
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        found.add(name)
        for line in importlib.metadata.requires(name) or ():
            wanted, _, marker = line.partition(";")
            if "extra" not in marker and _there(wanted):
                waiting.append(wanted)
    return found


def _there(wanted: str) -> bool:
    return bool(list(importlib.metadata.distributions(name=_plain(wanted))))


def _plain(wanted: str) -> str:
    return re.split(r"[^\w.-]", wanted.strip(), maxsplit=1)[0].lower().replace("_", "-")


def main_without_extras() -> None:
    kept = installed()
    hidden = frozenset(
        module
        for module, owners in importlib.metadata.packages_distributions().items()
        if not kept & {_plain(owner) for owner in owners}
    )
    finders = cast("list[abc.MetaPathFinder]", sys.meta_path)
    sys.meta_path[:] = [Without(finder, hidden) for finder in finders]
    if importlib.util.find_spec("psycopg") is not None:
        raise SystemExit("psycopg is still there: nothing would be proven")
    main.main()


if __name__ == "__main__":
    main_without_extras()
