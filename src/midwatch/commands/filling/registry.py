"""Which filler writes values into which kind of text; shell has its own, in `binding`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from midwatch.commands import binding
from midwatch.commands.filling import http, manifest, model, promql, sql

FILLERS: Mapping[str, Callable[[str, Sequence[binding.Hole]], model.Filling]] = {
    "sql": sql.fill,
    "promql": promql.fill,
    "http": http.fill,
    "manifest": manifest.fill,
}
