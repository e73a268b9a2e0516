"""JSON sent as if it were a form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

BODY = lazy.pattern(r"(?:-d|--data(?:-raw|-binary)?)[= ]+(?:'|\"|\$')?\s*[{\[]")
TYPE = lazy.pattern(r"content-type", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`curl -d '{…}'` without a Content-Type."""
    for found in facts.found(subject, "curl"):
        text = found.command.text
        if BODY.search(text) and not TYPE.search(text) and "--json" not in found.command.flags:
            yield hits.of_command(
                found, "The body is JSON, and curl says it is a form; many servers refuse it."
            )


RULE = model.Rule(
    id="meaning/json-without-type",
    severity=model.Severity.INFO,
    summary="JSON sent as if it were a form.",
    why="The server answers 400 or 415, or reads an empty request; without `-f` nobody notices.",
    fix="Use `--json '{…}'`, or add `-H 'Content-Type: application/json'`.",
    example=model.Example(
        bad="```bash\ncurl -X POST https://desk.test/drain -d '{\"lane\": 3}'\n```\n",
        good="```bash\ncurl -f --json '{\"lane\": 3}' https://desk.test/drain\n```\n",
    ),
    check=check,
    doubt="Elasticsearch before 6 and a few others take it as it comes.",
)
