"""Checking never fails: any bytes give findings, each with a place in the file."""

from __future__ import annotations

import os
import random
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies

from midwatch.app import checked_documents
from midwatch.checks import selection

CASES = sorted((Path(__file__).parents[2] / "cases" / "checks").glob("*/*.md"))
LONG = bool(os.environ.get("MIDWATCH_LONG"))
MANGLED = CASES if LONG else CASES[::3]
LETTERS = 5000 if LONG else 1500
EVERYTHING = selection.Selection()


def check(data: bytes) -> None:
    document = checked_documents.check_bytes("any.md", data, EVERYTHING)
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    for finding in document.findings:
        assert 1 <= finding.line <= lines
        assert finding.line <= finding.end_line <= lines
        assert finding.column >= 1
        assert finding.message


@hypothesis.given(strategies.binary(max_size=300))
@hypothesis.settings(max_examples=40, deadline=None)
def test_any_bytes_can_be_checked(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize("path", MANGLED, ids=[f"{p.parent.name}/{p.stem}" for p in MANGLED])
def test_a_mangled_document_can_be_checked(path: Path) -> None:
    chance = random.Random(path.name)  # noqa: S311  (not a secret, a repeatable mess)
    lines = path.read_bytes().splitlines(keepends=True)
    mangled = [line for line in lines if chance.random() < 0.8]
    chance.shuffle(mangled) if chance.random() < 0.3 else None
    text = bytearray(b"".join(mangled))
    for _ in range(len(text) // 60):
        text[chance.randrange(len(text))] = chance.randrange(256)

    check(bytes(text))


@pytest.mark.parametrize("end", ["EOF", "END", ""])
@pytest.mark.timeout(20)
def test_a_here_document_is_read_in_no_time_with_its_end_and_without(end: str) -> None:
    body = "".join(f'{{"line": "{number}"}}\n\n# and "more" of it\n' for number in range(400))

    check(f"# Desk\n\n```bash\ncat > a.json << EOF\n{body}{end}\n\n{body}```\n".encode())


@pytest.mark.parametrize("letter", ["a", "1", ".", "-", "_", "ä", "/"])
def test_a_word_without_an_end_is_no_file_of_ours(letter: str) -> None:
    check(f"# Desk\n\n```bash\n{letter * LETTERS}\nkubectl get {letter * LETTERS}\n```\n".encode())
