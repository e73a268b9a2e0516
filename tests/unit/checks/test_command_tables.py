"""The tables of sub-commands and flags: complete enough that what they lack is not there."""

from __future__ import annotations

import re
import tomllib

import pytest

from midwatch.checks import command_tables, judging, model, registry, selection
from midwatch.commands import knowledge_base
from midwatch.runbook import reading

TOOLS = sorted(path.stem for path in command_tables.FOLDER.glob("*.txt"))
RULES = [registry.find("command/unknown-flag"), registry.find("command/unknown-subcommand")]
INVENTED = "frobnicate"
"""What the knowledge files call a sub-command that does not exist."""


@pytest.mark.parametrize("tool", TOOLS)
def test_every_command_that_is_known_to_work_is_in_the_table(tool: str) -> None:
    path = knowledge_base.BUILTIN / f"{tool}.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = [line.partition("|")[2].strip() for line in table.get("examples", "").splitlines()]
    document = "# Known\n\n" + "".join(
        f"```bash\n{line}\n```\n\n" for line in lines if line and INVENTED not in line
    )
    runbook = reading.read("known.md", document.encode())
    subject = model.Subject(runbook, document, tuple(document.split("\n")))

    found = judging.judge(subject, RULES, selection.Selection())

    assert [finding.message for finding in found] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_a_table_says_of_which_release_it_is_and_holds_flags_alone(tool: str) -> None:
    text = (command_tables.FOLDER / f"{tool}.txt").read_text(encoding="utf-8")
    table = command_tables.of(tool)

    assert re.search(rf"^# {tool} (?:\d+[\d.]*|by hand: releases \d)", text, re.MULTILINE)
    assert table is not None
    for flags in table.listed.values():
        assert all(re.fullmatch(r"--[A-Za-z][\w-]*", flag) for flag in flags)


def test_a_tool_without_a_table_has_none() -> None:
    assert command_tables.of("no-such-tool") is None
    assert command_tables.of("../../evil") is None
    assert command_tables.of("") is None
