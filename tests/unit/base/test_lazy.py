"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

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
