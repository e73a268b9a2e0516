"""A backup is made, and another file is restored."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences
from midwatch.checks.rules.safety import restore_over_live

MAKES = lazy.pattern(r"dump\w*\b[^|;&\n]*(?:\|[^>\n]*)?>\s*(?P<file>\S*(?:\$\(|\$\{?|`)[^\n]*)")
READS = lazy.pattern(r"<\s*(?P<file>[\w./-]*\d{6,}[\w.-]*)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`dump > backup-$(date)`, then `< backup-20240101` in the same procedure."""
    made: dict[str, sentences.Sentence] = {}
    for sentence in sentences.every(subject, "<", ">"):
        procedure = restore_over_live.owner(subject, sentence.line)
        key = procedure.id if procedure else ""
        makes = MAKES.search(sentence.text)
        if makes:
            made[key] = sentence
        reads = READS.search(sentence.bare)
        if reads and key in made and restore_over_live.LOADS.search(sentence.bare):
            yield model.Hit(
                made[key].line,
                f"A new backup is made here, and line {sentence.line} restores "
                f"`{reads['file']}`, a "
                "file of a fixed day.",
                end_line=sentence.end_line,
            )


RULE = model.Rule(
    id="safety/other-file-restored",
    severity=model.Severity.WARNING,
    summary="A backup is made, and another file is restored.",
    why="Whoever pastes it goes back to a day long gone, or finds no such file in the middle of "
    "it.",
    fix="Say how to choose the file (`ls -t backup-*.sql | head`), and restore what was chosen: "
    '`psql < "$BACKUP"`.',
    example=model.Example(
        bad="```bash\npg_dump desk > desk-$(date +%F).sql\npsql desk < desk-20240105.sql\n```\n",
        good='```bash\nBACKUP=$(ls -t /vault/desk-*.sql | head -1)\npsql desk < "$BACKUP"\n```\n',
    ),
    check=check,
)
