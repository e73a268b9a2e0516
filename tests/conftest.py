"""What every test can count on, however pytest was started."""

from __future__ import annotations

import signal
import threading

import pytest
from tests import longest


def pytest_configure() -> None:
    """Give programs under test the signals they would have in a terminal.

    A shell starts a background job with Ctrl-C ignored, and what it starts inherits that.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the longest; the rest keeps its random order."""
    items[:] = longest.first(items, int(getattr(config, "workerinput", {}).get("workercount", 1)))
