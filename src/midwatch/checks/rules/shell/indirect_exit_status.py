"""`if [ $? -eq 0 ]`, where the command itself could be the condition."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

STATUS = lazy.pattern(r"^(?:if|elif|while)\s+\[\[?\s+\"?\$\?\"?\s+(?:-eq|-ne|-gt|==?|!=)\s")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A condition that compares `$?`."""
    for sentence in sentences.every(subject, "$?"):
        if STATUS.match(sentence.text):
            yield sentences.hit(
                sentence, "`$?` is tested one line late: any command put in between changes it."
            )


RULE = model.Rule(
    id="shell/indirect-exit-status",
    severity=model.Severity.INFO,
    summary="`$?` compared in a condition of its own.",
    why="A line added between the command and the test makes the test pass for ever.",
    fix="Make the command the condition: `if COMMAND; then …`.",
    example=model.Example(
        bad="```bash\nrsync -a spool/ vault:/spool\nif [ $? -ne 0 ]; then exit 1; fi\n```\n",
        good="```bash\nif ! rsync -a spool/ vault:/spool; then exit 1; fi\n```\n",
    ),
    check=check,
)
