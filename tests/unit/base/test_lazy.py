"""Patterns and modules that are made when they are first used."""

from __future__ import annotations

import re
import sys
import types
from concurrent import futures
from pathlib import Path

import pytest

from midwatch.base import lazy


def test_a_lazy_pattern_answers_as_the_compiled_one_does() -> None:
    text, flags = r"(?P<name>[a-z]+)=(\d+)", re.IGNORECASE
    ready, late = re.compile(text, flags), lazy.pattern(text, flags)

    assert late.findall("a=1 B=2") == ready.findall("a=1 B=2") == [("a", "1"), ("B", "2")]
    assert late.sub(r"\2", "a=1") == "1"
    assert (late.pattern, late.flags, late.groupindex) == (text, ready.flags, {"name": 1})


def test_what_a_pattern_was_asked_once_it_answers_itself() -> None:
    late = lazy.pattern("a+")

    assert late.search is late.search
    assert late.search("baab") is not None


def test_a_module_is_executed_at_its_first_use_and_whole_for_every_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import time\nfirst = 1\ntime.sleep(0.05)\nlast = 2\ndef told():\n    return last\n"
    (tmp_path / "slowly_loaded.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    found = lazy.module("slowly_loaded")
    assert "last" not in object.__getattribute__(found, "__dict__")

    with futures.ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: (found.first, found.last, found.told()), range(8)))

    assert told == [(1, 2, 2)] * 8
    assert type(found) is types.ModuleType


def test_a_module_that_cannot_be_executed_says_so_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "never_loaded.py").write_text("raise LookupError('not today')\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = lazy.module("never_loaded")
    sys.modules.pop("never_loaded")  # whoever looks around there must not load it

    for _ in range(2):
        with pytest.raises(LookupError, match="not today"):
            _ = found.anything


def test_a_module_that_is_not_installed_troubles_only_whoever_uses_it() -> None:
    found = lazy.module("an_extra_that_nobody_installed")

    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="an_extra_that_nobody_installed"):
            _ = found.connect
