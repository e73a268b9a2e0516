"""Modules that cost start-up time are loaded when they are first touched.

The recipe is the one in Python's own documentation of `importlib` ("Implementing lazy imports").
Use it beside a plain import for the type checker:

    if TYPE_CHECKING:
        import sqlglot
    else:
        sqlglot = lazy.module("sqlglot")
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types


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
