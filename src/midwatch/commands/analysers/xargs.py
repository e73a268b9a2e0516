"""`xargs`: the command it builds, with what it reads as further operands."""

from __future__ import annotations

import dataclasses

from midwatch.commands import given, judging, words
from midwatch.commands.analysers import protocol

MOST_WORDS = 200


def verdict(case: protocol.Case) -> judging.Verdict:
    """What the command does on whatever comes in."""
    command = case.found.operands
    if not command:
        return judging.read("xargs alone prints what it reads")
    mark = _mark(case.found)
    if mark:
        command = [
            dataclasses.replace(each, pattern=each.pattern.replace(mark, words.HOLE))
            for each in command
        ]
    else:
        command = [*command, *_read_words(command[-1], case.supply)]
    return case.judge.argv(command, None)


def _mark(found: given.Given) -> str:
    if not found.has("-I", "-i", "--replace", "-J"):
        return ""
    return found.value("-I", "-i", "--replace", "-J") or "{}"


def _read_words(last: words.Argument, supply: judging.Supply | None) -> list[words.Argument]:
    """The words that come in: known where the text is, else one that is no flag."""
    text = supply.text if supply else None
    if text is None or words.HOLE in text:
        return [words.Argument("…", words.HOLE, last.span)]
    return words.given(text.split()[:MOST_WORDS], last.span)
