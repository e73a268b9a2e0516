"""A script called by a path that the document does not give it."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.checks.rules.meaning import undefined_script


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`./scripts/x.sh`, where a block only says `# x.sh`."""
    defined = {script.name.rsplit("/", 1)[-1]: script for script in subject.runbook.scripts}
    for found in facts.found(subject):
        path = undefined_script.called(found.command) if defined else ""
        script = defined.get(path.rsplit("/", 1)[-1]) if path else None
        if script is None or path.removeprefix("./") == script.name.removeprefix("./"):
            continue
        if not subject.exists(path) and not found.outer:
            yield hits.of_command(
                found,
                f"It is called as `{path}`, and line {script.line} saves it as `{script.name}`.",
            )
    for script in defined.values():
        if not script.called_at and not any(s in subject.text for s in (f"/{script.name}",)):
            yield from uncalled(subject, script.name, script.line)


def uncalled(subject: model.Subject, name: str, line: int) -> Iterator[model.Hit]:
    """A script that is to be saved and that nothing calls."""
    if "save as" in subject.text.lower() and subject.text.count(name) == 1:
        yield model.Hit(line, f"`{name}` is to be saved, and nothing in this document calls it.")


RULE = model.Rule(
    id="meaning/script-path",
    severity=model.Severity.INFO,
    summary="A script called by a path that the document does not give it.",
    why="Whoever saves it as the block says finds “No such file” at the call.",
    fix="Write the same path in both places.",
    example=model.Example(
        bad="```bash\n#!/bin/bash\n# jam-check.sh\nsorterctl jams\n```\n\n"
        "```bash\n./tools/jam-check.sh\n```\n",
        good="```bash\n#!/bin/bash\n# tools/jam-check.sh\nsorterctl jams\n```\n\n"
        "```bash\n./tools/jam-check.sh\n```\n",
    ),
    check=check,
)
