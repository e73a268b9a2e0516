"""The reference page of each rule, written from the rule itself.

python -m midwatch.checks.pages docs/rules
"""

from __future__ import annotations

import sys
from pathlib import Path

from midwatch.checks import model, registry

NOTE = "<!-- Written by `make docs` from the rule; change the rule instead. -->"


def page(rule: model.Rule) -> str:
    """A rule's page."""
    doubt = f"\n## When it may be wrong\n\n{rule.doubt}\n" if rule.doubt else ""
    return f"""{NOTE}

# {rule.id}

{rule.summary}

Severity: **{rule.severity}**. {scope(rule)}

## Why

{rule.why}

## Instead of

{fenced(rule.example.bad)}

## Write

{fenced(rule.example.good)}

{rule.fix}
{doubt}
## Silence it

    <!-- midwatch: ignore {rule.id} -- why it is right here -->

on the line before; `ignore-file` for the whole file; `ignore = ["{rule.id}"]` under `[check]` in
`midwatch.toml` for all files.
"""


def scope(rule: model.Rule) -> str:
    """How much the rule looks at."""
    if rule.check is None:
        return "It looks at all the files of a check together."
    return "It looks at one document."


def fenced(text: str) -> str:
    """An example in a fence that it cannot break out of."""
    return f"````markdown\n{text.rstrip()}\n````"


def index() -> str:
    """The list of all rules, area by area."""
    lines = [NOTE, "", "# Rules of `midwatch check`"]
    for area in model.Area:
        rules = [rule for rule in registry.RULES if rule.area is area]
        if rules:
            lines += ["", f"## {area}", "", "| rule | severity | what it finds |", "|---|---|---|"]
        for rule in rules:
            summary = rule.summary.replace("|", "\\|")
            lines.append(f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {summary} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Every page there should be, by its path below the folder of pages."""
    return {"README.md": index(), **{f"{rule.id}.md": page(rule) for rule in registry.RULES}}


def write(folder: Path) -> None:
    """Write every page, and take out those whose rule is gone."""
    wanted = pages()
    for old in folder.rglob("*.md"):
        if old.relative_to(folder).as_posix() not in wanted:
            old.unlink()
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
