"""A watch for each test; what it says without being asked fails the test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.watch import harness


@pytest.fixture
def watch(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[harness.Watch]:
    """Ana is told at once, Bo after 15 minutes."""
    made = harness.Watch(tmp_path)
    yield made
    made.expect()
    made.where.close()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
