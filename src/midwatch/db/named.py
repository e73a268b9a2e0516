"""SQL lives in `.sql` files, each query under a `-- name: …` line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

MARK = "-- name:"


def load(path: Path) -> Mapping[str, str]:
    """The queries of one file, by name."""
    queries: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(MARK):
            lines = queries.setdefault(line.removeprefix(MARK).strip(), [])
        else:
            lines.append(line)
    return {name: "\n".join(text).strip() for name, text in queries.items()}
