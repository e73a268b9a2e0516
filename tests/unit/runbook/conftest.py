"""The public runbooks, read once for all that is asked of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from midwatch.runbook import model, reading

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def public() -> dict[Path, model.Runbook]:
    """Every page of the public corpora with its runbook."""
    pages = (path for path in (SHARED / "corpora").rglob("*") if path.suffix in {".md", ".erb"})
    paths = sorted(pages)
    if not paths:
        pytest.skip("absent: ../shared/corpora")
    runbooks = reading.read_many([(str(path), path.read_bytes()) for path in paths])
    return dict(zip(paths, runbooks, strict=True))
