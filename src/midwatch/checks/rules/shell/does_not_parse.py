"""A block that is marked as shell and that no shell can read."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model
from midwatch.checks.rules.shell import mistagged_fence

MARKS = frozenset({"bash", "sh", "shell", "zsh"})
SAYS = "not shell"


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A shell block that the reader stumbled over."""
    blocks = [block for block in subject.runbook.blocks if block.tag.lower() in MARKS]
    marked = {
        line
        for hit in mistagged_fence.check(subject)
        for line in range(hit.line, max(hit.line, hit.end_line) + 1)
    }
    for note in subject.runbook.notes:
        if note.line in marked:
            continue  # it is told that this is no shell
        if SAYS in note.message and any(b.line <= note.line <= b.end_line for b in blocks):
            yield model.Hit(
                note.line,
                f"No shell reads this: {note.message.rpartition('shell: ')[2].rstrip('.')}.",
            )


RULE = model.Rule(
    id="shell/does-not-parse",
    severity=model.Severity.WARNING,
    summary="A block that no shell can read.",
    why="Pasted, it hangs at a prompt that waits for the closing quote, or runs half of itself.",
    fix="Close the quote or bracket, or mark the block as what it is.",
    example=model.Example(
        bad="```bash\nif systemctl is-active sorter; then\n  echo up\n```\n",
        good="```bash\nif systemctl is-active sorter; then\n  echo up\nfi\n```\n",
    ),
    check=check,
)
