"""A shell opened elsewhere, and commands below it that are meant for there."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import hits, model, sentences

OPENS = lazy.pattern(
    r"^(?:sudo\s+)?(?:(?:kubectl|oc|docker|podman|docker-compose|docker\s+compose|nerdctl)\b.*\s"
    r"(?:exec|run|rsh)\s.*\s(?:\S*/)?(?:ba|z|a|da)?sh\s*$"
    r"|ssh\s+(?:-\S+\s+)*(?:-[ip]\s+\S+\s+)?[\w.@<>_${}-]+\s*$"
    r"|su\s+-?\s*[\w-]*\s*$|sudo\s+(?:-i|su\b(?!.*\s(?:-c|--command)\b)[\s\w-]*|-s)\s*$|oc\s+rsh\s+\S+\s*$"
    r"|(?:(?:kubectl|oc)\s+debug\s+node/).*)"
)
LEAVES = lazy.pattern(r"^(?:exit|logout)\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A session that opens in the middle of a block."""
    for _, lines in sentences.read(subject):
        opened: sentences.Sentence | None = None
        for sentence in lines:
            if opened is not None and not LEAVES.match(sentence.text):
                yield model.Hit(
                    opened.line,
                    f"`{hits.short(opened.text, 40)}` opens a session; run as a block, line "
                    f"{sentence.line} and what follows wait until it ends and then run on your "
                    "own machine.",
                    column=opened.column,
                    end_line=sentence.line,
                )
            opened = sentence if OPENS.match(sentence.bare.replace("\v", " ").strip()) else None


RULE = model.Rule(
    id="shell/context-switch",
    severity=model.Severity.WARNING,
    summary="Commands for another machine in the same block as the command that goes there.",
    why="Run as a block, they wait until the session ends and then run on the operator's own "
    "machine, against whatever that reaches.",
    fix="Run each one there: `kubectl exec POD -- COMMAND`, `ssh HOST COMMAND`; or give the inside "
    "a block of its own.",
    example=model.Example(
        bad="```bash\nkubectl exec -it desk-0 -- bash\nrm -rf /tmp/sessions\n```\n",
        good="```bash\nkubectl exec desk-0 -- rm -rf /tmp/sessions\n```\n",
    ),
    check=check,
)
