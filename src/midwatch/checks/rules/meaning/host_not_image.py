"""Packages updated on this machine, while the program runs from an image."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

UPDATES = {
    ("pnpm", ("update",)), ("pnpm", ("audit",)), ("npm", ("update",)), ("npm", ("audit",)),
    ("yarn", ("upgrade",)), ("composer", ("update",)), ("bundle", ("update",)),
    ("poetry", ("update",)),
}  # fmt: skip
RUNS = lazy.pattern(
    r"\b(?:docker-compose|docker compose)\s+(?:up|pull|restart)|\bkubectl\s+rollout\b"
)
BUILDS = lazy.pattern(
    r"\b(?:docker(?: buildx| compose)?|docker-compose|podman)\s+build\b|--build\b"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`npm update` without a build, in a document about containers."""
    for found in facts.found(subject):
        key = (str(found.command.tool), found.command.path[:1])
        if key not in UPDATES or found.outer:
            continue
        built = BUILDS.search(facts.text_of(subject, found.procedure))
        if not built and RUNS.search(subject.text):
            yield hits.of_command(
                found,
                f"`{hits.short(found.command.text, 30)}` changes this checkout; what runs "
                "comes from an image that nothing here builds.",
            )


RULE = model.Rule(
    id="meaning/host-not-image",
    severity=model.Severity.INFO,
    summary="Packages updated on this machine, while the program runs from an image.",
    why="The security update is ticked off, and the running program keeps the hole.",
    fix="Commit the lock file, build and try the image, and roll it out.",
    example=model.Example(
        bad="```bash\nnpm update\ndocker compose up -d\n```\n",
        good="```bash\nnpm update\ndocker compose up -d --build\n```\n",
    ),
    check=check,
)
