"""What costs start-up time is made when it is first touched: modules, and regular expressions.

The recipe for modules is the one in Python's own documentation of `importlib` ("Implementing lazy
imports"). Use it beside a plain import for the type checker:

    if TYPE_CHECKING:
        import sqlglot
    else:
        sqlglot = lazy.module("sqlglot")

A pattern is written as it would be with `re.compile`: `NAME = lazy.pattern(r"[a-z]+")`. A thousand
of them stand in Midwatch, a third of a millisecond each to compile; one document needs a few dozen.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import sys
import types
from typing import cast


def module(name: str) -> types.ModuleType:
    """The module of that name, executed at the first use of anything in it."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return importlib.import_module(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """The compiled pattern, compiled at the first use of it."""
    return cast("re.Pattern[str]", _Pattern(text, flags))


class _Pattern:
    """Stands in for a pattern, and keeps what is asked of it: later uses go straight there."""

    def __init__(self, text: str, flags: int) -> None:
        self._made_of = text, flags

    @functools.cached_property
    def _compiled(self) -> re.Pattern[str]:
        text, flags = self._made_of
        return re.compile(text, flags)

    def __getattr__(self, name: str) -> object:
        asked: object = getattr(self._compiled, name)
        setattr(self, name, asked)
        return asked
