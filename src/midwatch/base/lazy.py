"""What costs start-up time is made when it is first touched: modules, and regular expressions.

A module is executed by one thread, and whoever else wants it waits. Use it beside a plain import
for the type checker:

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
import threading
import types
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib import abc

PENDING = "__midwatch_pending__"


def module(name: str) -> types.ModuleType:
    """The module of that name, executed at the first use of anything in it."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return _Missing(name)  # an extra that is not installed: whoever never uses it never hears
    found = importlib.util.module_from_spec(spec)
    found.__dict__[PENDING] = _Pending(spec.loader)
    found.__class__ = _Module
    sys.modules[name] = found
    return found


class _Pending:
    """What is left to do for a module: execute it once, in one thread."""

    def __init__(self, loader: abc.Loader) -> None:
        self.loader = loader
        self.lock = threading.RLock()
        self.began = False


class _Module(types.ModuleType):
    """A module that nobody has used yet; while one thread executes it, the others wait.

    `importlib.util.LazyLoader` does the same, but lets other threads in too early before 3.11.9.
    """

    def __getattribute__(self, name: str) -> object:
        kept = object.__getattribute__(self, "__dict__")
        pending = kept.get(PENDING)
        if pending is not None:
            with pending.lock:
                _execute(self, pending)
        return types.ModuleType.__getattribute__(self, name)


class _Missing(types.ModuleType):
    """A module that is not installed: whoever asks anything of it is told so, and nobody before."""

    def __getattr__(self, name: str) -> object:
        return getattr(importlib.import_module(self.__name__), name)


def _execute(found: types.ModuleType, pending: _Pending) -> None:
    """Execute the module, unless somebody has; what it asks of itself meanwhile is let through."""
    if pending.began:
        return
    pending.began, done = True, False
    try:
        pending.loader.exec_module(found)
        done = True
    finally:
        pending.began = done
    found.__class__ = types.ModuleType
    del found.__dict__[PENDING]


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
