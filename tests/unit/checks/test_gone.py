"""The tables of what is gone: every entry is found where it is used, its replacement is not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from midwatch.checks import gone, judging, model, registry, selection
from midwatch.runbook import reading

KEYS = {
    "bare", "command", "example", "flags", "instead", "new", "operand", "severity", "since",
    "state", "unless", "what", "without",
}  # fmt: skip
RULES = [registry.find("command/removed"), registry.find("command/deprecated")]


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(gone.FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["gone"]:
            yield path.stem, entry


ALL = list(entries())


def uses(tool: str, entry: dict[str, Any]) -> Iterator[str]:
    """Commands that use what is gone."""
    start = f"{tool} {entry.get('command', '')}".strip()
    if "example" in entry:
        yield entry["example"]
    elif entry.get("bare"):
        yield f"{start} web-0 ls /data"
    for flag in entry.get("flags", ()):
        yield f"{start} {flag}=x name"
        yield f"{start} name {flag}"
    if not {"flags", "example", "bare"} & set(entry):
        yield f"{start} name" if entry.get("command") else tool


def findings(*lines: str) -> list[model.Finding]:
    document = "# Parcel sorter\n\n## Jam\n\n```bash\n" + "\n".join(lines) + "\n```\n"
    return found_by(document, *RULES)


def found_by(document: str, *rules: model.Rule) -> list[model.Finding]:
    runbook = reading.read("runbook.md", document.encode())
    subject = model.Subject(runbook, document, tuple(document.split("\n")))
    return judging.judge(subject, rules, selection.Selection())


def test_every_entry_has_what_it_needs_and_no_other_key() -> None:
    for tool, entry in ALL:
        assert set(entry) <= KEYS, tool
        assert entry["instead"], tool
        assert entry["instead"].count("`") % 2 == 0, tool
        assert entry.get("since") or entry.get("state") == "missing", tool
        assert "example" in entry or "operand" not in entry, tool


def test_every_entry_is_found_in_every_command_that_uses_it() -> None:
    commands = [line for tool, entry in ALL for line in uses(tool, entry)]

    found = {each.line - 6: each for each in findings(*commands)}

    assert [line for number, line in enumerate(commands) if number not in found] == []


def test_what_is_to_be_used_instead_is_not_gone_itself() -> None:
    tools = {path.stem for path in gone.FOLDER.glob("*.toml")}
    instead = [
        code
        for _, entry in ALL
        for code in re.findall(r"`([^`]+)`", entry["instead"])
        if code.split()[0] in tools and "without it" not in entry["instead"]
    ]

    assert [each.message for each in findings(*instead)] == []


def test_the_database_that_still_has_it_is_left_alone() -> None:
    line = "mysql_upgrade -u root"

    assert len(findings(line)) == 1
    assert findings("# MariaDB 10.11", line) == []


def test_help_and_version_of_what_is_gone_may_be_asked_for() -> None:
    assert findings("helm init --help") == []


def tables(name: str, kind: str) -> list[dict[str, Any]]:
    text = (gone.FOLDER.parent / name).read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = tomllib.loads(text)[kind]
    return listed


def test_every_statement_of_the_table_is_found_where_it_is_used() -> None:
    rule = registry.find("command/removed-sql")
    for each in tables("statements.toml", "statement"):
        found = found_by(f"# Desk\n\n```sql\n{each['example']}\n```\n", rule)
        assert [f"{each['server']} {each['since']}" in f.message for f in found] == [True], each
        assert found_by(f"# Desk\n\n```sql\n{each['instead']}\n```\n", rule) == []


def test_every_setting_of_the_table_is_found_where_it_is_used() -> None:
    rule = registry.find("manifest/removed-setting")
    for each in tables("settings.toml", "setting"):
        for line in [*(f"{name} = 1" for name in each.get("names", ())), each.get("example")]:
            if line is not None:
                found = found_by(f"# Desk\n\n```ini\n{line}\n```\n", rule)
                told = [f"{each['server']} {each['since']}" in f.message for f in found]
                assert told == [True], line
