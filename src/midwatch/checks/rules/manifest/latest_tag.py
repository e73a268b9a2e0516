"""An image that is another one tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import facts, manifests, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A container whose image is tagged `latest`."""
    for manifest in manifests.read(subject):
        for container in manifests.containers(manifest.data):
            image = container.get("image")
            if isinstance(image, str) and image.endswith(":latest"):
                line = facts.line_of(subject, re.escape(image), manifest.line, manifest.end_line)
                yield model.Hit(
                    line,
                    f"`{image}` is whatever was pushed last.",
                    column=facts.column_of(subject.line(line), image),
                )


RULE = model.Rule(
    id="manifest/latest-tag",
    severity=model.Severity.WARNING,
    summary="A container image tagged `latest`.",
    why="A pod that is rescheduled in the incident starts other code than the one beside it, and "
    "a rollback has nothing to go back to.",
    fix="Name the version, or the digest, that this was written for.",
    example=model.Example(
        bad="```yaml\ncontainers:\n- name: backup\n  image: registry.example/backup:latest\n```\n",
        good="```yaml\ncontainers:\n- name: backup\n  image: registry.example/backup:4.2.1\n```\n",
    ),
    check=check,
)
