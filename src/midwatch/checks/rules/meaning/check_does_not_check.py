"""A check that says only that something exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

VERIFY = lazy.pattern(
    r"\b(?:verif|check|confirm|validat|test)\w*\b.*\b(?:secret|credential|password"
    r"|config ?map)s?\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """“Verify secret”, and `kubectl get secret NAME` below it."""
    for found in facts.found(subject, "kubectl"):
        command = found.command
        if command.path != ("get",) or len(command.operands) != 2:  # noqa: PLR2004
            continue
        if command.operands[0] not in {"secret", "secrets", "configmap", "cm"} or facts.has_flag(
            command, "-o", "--output"
        ):
            continue
        title = f"{found.step.title} {subject.line(found.step.fence_line - 1)}"
        if VERIFY.search(title):
            yield hits.of_command(
                found, "This shows that it exists; whether what is in it is right stays open."
            )


RULE = model.Rule(
    id="meaning/check-does-not-check",
    severity=model.Severity.INFO,
    summary="A check that says only that something exists.",
    why="Wrong credentials pass it, and the search goes on elsewhere.",
    fix="Use it: log in with it, or compare a hash of it with the source.",
    example=model.Example(
        bad="1. Verify secret:\n\n   ```bash\n   kubectl get secret desk-db\n   ```\n",
        good="1. Verify secret:\n\n   ```bash\n   kubectl exec deploy/desk -- sh -c "
        '\'psql "$DATABASE_URL" -c "SELECT 1"\'\n   ```\n',
    ),
    check=check,
)
