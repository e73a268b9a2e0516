"""Pagers: a first command behind `+` may hand text to the shell: `less '+!rm x' file`."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import judging, model
from midwatch.commands.analysers import protocol

RUNS = lazy.pattern(r"\+\+?[^/?]*[!|#sv].*", re.DOTALL)


def verdict(case: protocol.Case) -> judging.Verdict:
    """A pager only shows, unless its first command runs something."""
    if any(RUNS.fullmatch(argument.pattern) for argument in case.arguments):
        return judging.unknown("its first command may run a program", model.Trait.INTERACTIVE)
    return judging.read("it shows a text page by page", model.Trait.INTERACTIVE)
