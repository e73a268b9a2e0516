"""What stands inside shell words is judged by its own language."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from midwatch.commands import judging
from midwatch.commands.analysers import awk, sed
from midwatch.commands.embedded import languages

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "commands" / "embedded.toml").read_text(encoding="utf-8")
)


def verdict(language: str, text: str) -> judging.Verdict:
    if language == "sed":
        return sed.script_verdict(text)
    if language == "awk":
        return awk.program_verdict(text)
    return languages.verdict(language, text)


@pytest.mark.parametrize("language", CASES)
def test_each_statement_is_called_what_it_is(language: str) -> None:
    differing = []
    for line in CASES[language].splitlines():
        if line:
            effect, _, text = line.partition("|")
            found = verdict(language, text.strip())
            if found.effect != effect.strip():
                differing.append((line, found.effect.value, found.why))

    assert differing == []


def test_a_language_nobody_reads_is_unknown() -> None:
    assert languages.verdict("cobol", "DISPLAY 'HI'").effect == "unknown"
