"""A container restarted for settings that only a new one reads."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

EDITS = lazy.pattern(
    r"(?:>>?\s*|\b(?:tee(?:\s+-a)?|vim?|nano|cp\s+\S+|mv\s+\S+|sed\s+-i\S*\s.*)\s+)"
    r"[\"']?(?P<file>(?:[\w./-]*/)?(?:\.env(?:\.\w+)?|[\w.-]+\.env|(?:docker-)?compose[\w.-]*\.ya?ml))\b"
)
RESTARTS = lazy.pattern(
    r"\b(?:docker-compose|docker\s+compose|podman-compose)\b(?:\s+-\S+(?:\s+[^\s-]\S*)?)*?\s+restart\b"
)
RECREATES = lazy.pattern(r"\b(?:docker-compose|docker\s+compose|podman-compose)\b.*\s(?:up|run)\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`.env` or the compose file changed, and `compose restart` below it."""
    for _, lines in sentences.blocks(subject, "restart"):
        edited: sentences.Sentence | None = None
        for sentence in lines:
            if RECREATES.search(sentence.words):
                edited = None
            elif edited is not None and RESTARTS.search(sentence.words):
                changed = EDITS.search(edited.text)
                file = changed["file"] if changed else ""
                yield sentences.hit(
                    sentence,
                    f"`restart` keeps the container as it was made: what line {edited.line} wrote "
                    f"into `{file}` does not reach it.",
                )
            elif EDITS.search(sentence.text):
                edited = sentence


RULE = model.Rule(
    id="meaning/restart-keeps-environment",
    severity=model.Severity.ERROR,
    summary="A container restarted for settings that only a new one reads.",
    why="The service comes back with the old key, image or port, and everybody looks for another "
    "cause.",
    fix="Write `docker compose up -d SERVICE`, which makes the container anew where its settings "
    "changed.",
    example=model.Example(
        bad="```bash\nsed -i 's/^LANES=.*/LANES=6/' .env\ndocker compose restart sorter\n```\n",
        good="```bash\nsed -i 's/^LANES=.*/LANES=6/' .env\ndocker compose up -d sorter\n```\n",
    ),
    check=check,
    doubt="A service that reads the file itself, through a mount, needs no new container.",
)
